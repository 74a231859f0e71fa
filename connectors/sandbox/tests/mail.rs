//! The mail server, as a client of somebody else sees it.

mod support;

use lettre::message::header::ContentType;
use lettre::message::{Attachment, MultiPart};
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use serde_json::json;
use support::World;

type Client = AsyncSmtpTransport<Tokio1Executor>;

fn client(world: &World, password: &str, way: Mechanism) -> Client {
    let address = world.running.mail_addr;
    let login = Credentials::new(world.setting("notifier", "smtp.username"), password.to_owned());
    Client::builder_dangerous(address.ip().to_string())
        .port(address.port())
        .credentials(login)
        .authentication(vec![way])
        .build()
}

fn known(world: &World) -> Client {
    client(world, &world.setting("notifier", "smtp.password"), Mechanism::Plain)
}

fn mail(to: &str) -> Message {
    let related = MultiPart::related()
        .multipart(MultiPart::alternative_plain_html(".dots\n..stay".to_owned(), "<b>Grüße</b>".to_owned()))
        .singlepart(Attachment::new("t.csv".to_owned()).body("a,b".to_owned(), ContentType::TEXT_PLAIN));
    let message = Message::builder().from("Desk <desk@a.example>".parse().unwrap()).to(to.parse().unwrap());
    message.subject("Grüße").message_id(Some("<1@a.example>".to_owned())).multipart(related).unwrap()
}

#[tokio::test]
async fn a_mail_stands_in_the_ledger() {
    let world = World::small("");
    known(&world).send(mail("x@b.example")).await.unwrap();
    let password = world.setting("notifier", "smtp.password");
    client(&world, &password, Mechanism::Login).send(mail("y@b.example")).await.unwrap();
    let entries = world.running.ledger().entries();
    let entry = &entries[0];
    assert_eq!(
        (entry.vendor, entry.path.as_str(), entry.status, entry.acted),
        ("mail", "x@b.example", Some(250), true)
    );
    assert_eq!(entry.request_id.as_deref(), Some("1"));
    let expected = json!({
        "from": "desk@a.example",
        "to": ["x@b.example"],
        "subject": "Grüße",
        "text": ".dots\n..stay",
        "html": "<b>Grüße</b>",
        "inline": [],
        "attachments": [{"name": "t.csv", "content_type": "text/plain", "size": 3}],
    });
    assert_eq!(entry.body, expected);
    assert_eq!(entries.len(), 2);
}

#[tokio::test]
async fn who_is_not_known_and_mailboxes_that_are_not_there_are_refused() {
    let world = World::small("mail: {unknown: [gone@b.example]}\n");
    let refused = client(&world, "other", Mechanism::Plain).send(mail("x@b.example")).await.unwrap_err();
    assert!(refused.is_permanent() && refused.to_string().contains("535"), "{refused}");
    let refused = known(&world).send(mail("gone@b.example")).await.unwrap_err();
    assert!(refused.to_string().contains("550"), "{refused}");
    let nobody = Client::builder_dangerous("127.0.0.1").port(world.running.mail_addr.port()).build();
    let refused = nobody.send(mail("x@b.example")).await.unwrap_err();
    assert!(refused.to_string().contains("530"), "{refused}");
    assert!(world.running.ledger().entries().is_empty());
}

#[tokio::test]
async fn faults_strike_mails() {
    let world = World::small(
        "faults:\n  - {fault: status, status: 554, vendor: mail, count: 1}\n  - {fault: cut, vendor: mail, path: 'late@*'}\n",
    );
    let client = known(&world);
    let refused = client.send(mail("x@b.example")).await.unwrap_err();
    assert!(refused.is_permanent() && refused.to_string().contains("554"), "{refused}");
    let cut = client.send(mail("late@b.example")).await.unwrap_err();
    assert!(cut.status().is_none(), "{cut}");
    client.send(mail("x@b.example")).await.unwrap();
    let told: Vec<_> = world.running.ledger().entries().iter().map(|e| (e.status, e.acted)).collect();
    assert_eq!(told, [(Some(554), false), (None, true), (Some(250), true)]);
}
