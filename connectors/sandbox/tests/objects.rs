//! The store of objects over real HTTP.

mod support;

use reqwest::StatusCode;
use support::World;

#[tokio::test]
async fn what_is_put_is_read_again_until_it_is_deleted() {
    let world = World::small("");
    let account = format!("AWS4-HMAC-SHA256 Credential={}/20220601/us-east-1/s3", world.setting("s3", "access_key"));
    let url = format!("{}/reports/daily/a b.csv", world.setting("s3", "endpoint"));
    let ask = |method: &str, account: &str| {
        world.http.request(method.parse().unwrap(), &url).header("authorization", account)
    };
    let put = ask("PUT", &account).header("content-type", "text/csv").body("a,b\n").send().await.unwrap();
    assert_eq!(put.status(), StatusCode::OK);
    let got = ask("GET", &account).send().await.unwrap();
    assert_eq!(got.headers()["content-type"], "text/csv");
    assert_eq!(got.text().await.unwrap(), "a,b\n");
    let stranger = ask("PUT", "AWS4-HMAC-SHA256 Credential=stranger/20220601").body("x").send().await.unwrap();
    assert_eq!(stranger.status(), StatusCode::FORBIDDEN);
    assert!(stranger.text().await.unwrap().contains("<Code>InvalidAccessKeyId</Code>"));
    assert_eq!(ask("DELETE", &account).send().await.unwrap().status(), StatusCode::NO_CONTENT);
    let gone = ask("GET", &account).send().await.unwrap();
    assert_eq!(gone.status(), StatusCode::NOT_FOUND);
    let ledger: Vec<(String, bool)> =
        world.running.ledger().entries().iter().map(|entry| (entry.method.clone(), entry.acted)).collect();
    assert_eq!(ledger, [("PUT".to_owned(), true), ("PUT".to_owned(), false), ("DELETE".to_owned(), true)]);
}
