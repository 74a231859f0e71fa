//! A made-up weather service for the tutorial (docs/tutorial.md). GET gives the file of that name in a folder, PUT is remembered and
//! printed: 201 the first time, 200 from then on. Edit the files while it runs.
//!
//!     rustc --edition 2024 -o target/vendor examples/tutorial/vendor.rs
//!     target/vendor examples/tutorial/vendor

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Read, Result, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};

fn main() -> Result<()> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "examples/tutorial/vendor".to_owned());
    let listener = TcpListener::bind("127.0.0.1:8099")?;
    println!("the weather in {folder} is told on http://127.0.0.1:8099; Ctrl-C ends it");
    serve(&listener, &PathBuf::from(folder), |line| println!("{line}"));
    Ok(())
}

/// Answers requests one after the other, for ever; `say` gets a line for each.
pub fn serve(listener: &TcpListener, folder: &Path, say: impl Fn(&str)) {
    let mut put = HashSet::new();
    for stream in listener.incoming().flatten() {
        // a caller that went away is no reason to stop
        let _ = answer(stream, folder, &mut put, &say);
    }
}

fn answer(mut stream: TcpStream, folder: &Path, put: &mut HashSet<String>, say: &impl Fn(&str)) -> Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?.take(64 * 1024));
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split_whitespace();
    let (method, path) = (words.next().unwrap_or_default().to_owned(), words.next().unwrap_or_default().to_owned());
    let mut length = 0;
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    let mut body = String::new();
    reader.take(length).read_to_string(&mut body)?;

    let (status, reply) = match method.as_str() {
        "GET" => match file(folder, &path).and_then(|file| std::fs::read_to_string(file).ok()) {
            Some(text) => ("200 OK", text),
            None => ("404 Not Found", "{}".to_owned()),
        },
        "PUT" if put.insert(path.clone()) => ("201 Created", "{}".to_owned()),
        "PUT" => ("200 OK", "{}".to_owned()),
        _ => ("405 Method Not Allowed", "{}".to_owned()),
    };
    say(format!("{method} {path} {body}").trim_end());
    let length = reply.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{reply}"
    )
}

/// `/v2/warnings/10001` is `v2/warnings/10001.json`; nothing outside the folder.
fn file(folder: &Path, path: &str) -> Option<PathBuf> {
    let mut file = folder.to_path_buf();
    for part in path.split('/').filter(|part| !part.is_empty()) {
        if !part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
            return None;
        }
        file.push(part);
    }
    Some(file.with_extension("json"))
}
