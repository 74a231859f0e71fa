//! What goes wrong with the file is said by name; nothing is guessed.

use std::path::Path;

use rusqlite::{Connection, params};
use wf_host::conformance::{run, some_records};
use wf_host::ports::{AppendError, Journal, JournalError};
use wf_local::{SqliteStore, StoreError};

async fn written(folder: &tempfile::TempDir) -> std::path::PathBuf {
    let path = folder.path().join("journal.db");
    let store = SqliteStore::open(&path).unwrap_or_else(|e| panic!("{e}"));
    for n in 1..=3 {
        let mut last = 0;
        for part in some_records("w").chunks(4) {
            last = store.append(run(n), last, part.to_vec()).await.unwrap_or_else(|e| panic!("{e}"));
        }
    }
    path
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap_or_else(|e| panic!("{e}"))
}

fn raw(path: &Path) -> Connection {
    Connection::open(path).unwrap_or_else(|e| panic!("{e}"))
}

async fn read_error(path: &Path) -> String {
    let store = SqliteStore::open(path).unwrap_or_else(|e| panic!("{e}"));
    match store.read(run(2), 1).await {
        Ok(records) => panic!("{} records of a damaged run", records.len()),
        Err(error) => error.to_string(),
    }
}

#[tokio::test]
async fn a_flipped_byte_in_a_segment_is_found_and_the_record_is_named() {
    let folder = folder();
    let path = written(&folder).await;
    let connection = raw(&path);
    let select =
        "select id, body from segments where id = (select max(segment) from parts where run = ?1 and first = 5)";
    let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
    let (id, mut body): (i64, Vec<u8>) =
        connection.query_row(select, params![run(2).0.as_bytes()], row).unwrap_or_else(|e| panic!("{e}"));
    let middle = body.len() / 2;
    body[middle] ^= 0x10;
    let update = connection.execute("update segments set body = ?1 where id = ?2", params![body, id]);
    assert_eq!(update, Ok(1));
    drop(connection);
    let error = read_error(&path).await;
    let expected =
        format!("record 5 of run {} cannot be understood: segment {id} is damaged, its checksum does not fit", run(2));
    assert_eq!(error, expected);
    // The others are as they were.
    let store = SqliteStore::open(&path).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(store.read(run(1), 1).await, Ok(some_records("w")));
}

#[tokio::test]
async fn a_flipped_byte_in_kept_sources_is_found() {
    let folder = folder();
    let path = written(&folder).await;
    let bundle = vec![("workflows/w/workflow.yaml".to_owned(), "workflow: w\n".repeat(40).into())];
    {
        let store = SqliteStore::open(&path).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(store.keep_plan("h", bundle.clone()).await, Ok(()));
    }
    let packed = || raw(&path).query_row("select bundle from plans", [], |row| row.get::<_, Vec<u8>>(0));
    let packed = packed().unwrap_or_else(|e| panic!("{e}"));
    for at in (0..packed.len()).step_by(5) {
        let mut damaged = packed.clone();
        damaged[at] ^= 0x10;
        let changed = raw(&path).execute("update plans set bundle = ?1", params![damaged]);
        assert_eq!(changed, Ok(1));
        let store = SqliteStore::open(&path).unwrap_or_else(|e| panic!("{e}"));
        let error = store.plan("h").await.err().map(|e| e.to_string());
        let expected = "the journal cannot be read: the kept sources of plan h are damaged";
        assert_eq!(error.as_deref(), Some(expected), "byte {at}");
    }
    assert_eq!(raw(&path).execute("update plans set bundle = ?1", params![packed]), Ok(1));
    let store = SqliteStore::open(&path).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(store.plan("h").await, Ok(Some(bundle)));
}

#[tokio::test]
async fn a_file_of_the_first_version_is_brought_up() {
    let folder = folder();
    let path = written(&folder).await;
    // as version 1 wrote it: texts, without a checksum
    let files = wf_value::Value::from(vec![wf_value::Value::from(vec!["a.yaml".into(), "x: é".into()])]);
    let packed = lz4_flex::block::compress_prepend_size(&wf_host::record::write_value(&files));
    raw(&path)
        .execute_batch(
            "alter table plans drop column checksum; drop index runs_tried_again;
             alter table runs drop column again; alter table runs drop column again_at;
             alter table bookings drop column run; alter table tasks drop column run; pragma user_version = 1",
        )
        .unwrap_or_else(|e| panic!("{e}"));
    let kept = raw(&path).execute("insert into plans (hash, bundle) values ('old', ?1)", params![packed]);
    assert_eq!(kept, Ok(1));
    let store = SqliteStore::open(&path).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(store.plan("old").await, Ok(Some(vec![("a.yaml".to_owned(), "x: é".into())])));
    assert_eq!(store.read(run(1), 1).await, Ok(some_records("w")));
    assert_eq!(store.keep_plan("new", vec![("b".to_owned(), "".into())]).await, Ok(()));
}

#[tokio::test]
async fn missing_pieces_are_named() {
    for (statement, words) in [
        ("delete from segments where id = (select max(segment) from parts where run = ?1)", "its segment is missing"),
        ("delete from parts where run = ?1 and first = 5", "it is missing"),
        ("delete from parts where run = ?1 and first = 9", "record 9 of run"),
        ("delete from blobs where ?1 is not null", "that belongs to it is missing"),
        ("update blobs set body = zeroblob(length(body)) where ?1 is not null", "that belongs to it is missing"),
        ("update blobs set size = 9223372036854775807 where ?1 is not null", "that belongs to it is missing"),
    ] {
        let folder = folder();
        let path = written(&folder).await;
        let changed = raw(&path).execute(statement, params![run(2).0.as_bytes()]);
        assert!(changed.is_ok_and(|n| n > 0), "{statement}");
        let error = read_error(&path).await;
        assert!(error.contains(words), "{statement}: {error}");
    }
}

#[tokio::test]
async fn a_byte_flipped_anywhere_in_the_file_gives_the_same_records_or_an_error() {
    let folder = folder();
    let path = written(&folder).await;
    let sound = std::fs::read(&path).unwrap_or_else(|e| panic!("{e}"));
    assert!(sound.len() > 10_000);
    let mut errors = 0;
    for at in (0..sound.len()).step_by(sound.len() / 800) {
        let mut damaged = sound.clone();
        damaged[at] ^= 0xff;
        let copy = folder.path().join("damaged.db");
        for leftover in ["damaged.db-wal", "damaged.db-shm"] {
            let _ = std::fs::remove_file(folder.path().join(leftover));
        }
        std::fs::write(&copy, damaged).unwrap_or_else(|e| panic!("{e}"));
        let Ok(store) = SqliteStore::open(&copy) else {
            errors += 1;
            continue;
        };
        for n in 1..=3 {
            match store.read(run(n), 1).await {
                // A run whose entry in the list is damaged is not known.
                Ok(records) => assert!(records.is_empty() || records == some_records("w"), "byte {at}"),
                Err(_) => errors += 1,
            }
        }
    }
    assert!(errors > 10, "{errors}");
}

#[tokio::test]
async fn other_files_and_other_versions_are_refused_by_name() {
    let folder = folder();
    let path = folder.path().join("other.db");
    raw(&path).execute_batch("create table theirs (x)").unwrap_or_else(|e| panic!("{e}"));
    assert!(matches!(SqliteStore::open(&path), Err(StoreError::Foreign { .. })));

    let path = written(&folder).await;
    raw(&path).pragma_update(None, "user_version", 4).unwrap_or_else(|e| panic!("{e}"));
    let error = SqliteStore::open(&path).err().map(|e| e.to_string()).unwrap_or_default();
    assert!(
        error.ends_with("was written by another version: its tables are version 4, this program knows version 3"),
        "{error}"
    );

    let path = folder.path().join("text.db");
    std::fs::write(&path, "this is no database, and longer than a header would be\n".repeat(50))
        .unwrap_or_else(|e| panic!("{e}"));
    let error = SqliteStore::open(&path).err().map(|e| e.to_string()).unwrap_or_default();
    assert!(error.contains("text.db cannot be opened: file is not a database"), "{error}");
}

#[tokio::test]
async fn a_path_that_cannot_be_written_is_said() {
    let folder = folder();
    std::fs::write(folder.path().join("file"), "x").unwrap_or_else(|e| panic!("{e}"));
    for path in [folder.path().join("file/journal.db"), folder.path().to_owned()] {
        let error = SqliteStore::open(&path).err().map(|e| e.to_string()).unwrap_or_default();
        assert!(error.contains("cannot be opened: ") && error.contains(&*path.to_string_lossy()), "{error}");
    }
}

#[tokio::test]
async fn a_full_disk_is_an_error_and_nothing_of_it_stays() {
    let folder = folder();
    let path = written(&folder).await;
    let store = SqliteStore::open(&path).unwrap_or_else(|e| panic!("{e}"));
    store.limit_pages(1).await.unwrap_or_else(|e| panic!("{e}"));
    let refused = store.append(run(9), 0, vec![big(1_000_000)]).await;
    assert!(
        matches!(&refused, Err(AppendError::Journal(JournalError::Write(why))) if why.contains("full")),
        "{refused:?}"
    );
    assert_eq!(store.read(run(9), 1).await, Ok(Vec::new()));
    store.limit_pages(1_000_000).await.unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(store.append(run(9), 0, vec![big(1_000_000)]).await, Ok(1));
}

/// A record with so many bytes that do not shrink.
fn big(bytes: usize) -> wf_host::ports::Record {
    let mut noise = 1_u64;
    let payload: Vec<u8> = (0..bytes)
        .map(|_| {
            noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (noise >> 33) as u8
        })
        .collect();
    let address = wf_plan::Address(vec![wf_plan::Part::Step(1)]);
    let answer = wf_host::ports::Answer::Reply(payload.into());
    wf_host::ports::Record { at: jiff::Timestamp::UNIX_EPOCH, kind: wf_host::ports::Kind::Answered { address, answer } }
}
