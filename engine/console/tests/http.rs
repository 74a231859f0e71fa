//! Over real HTTP: what probes and Prometheus see.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use wf_console::{health_router, metrics_router, serve};
use wf_host::metrics::Metrics;

/// The client asks for TLS's primitives even where it speaks plain HTTP.
fn primitives() {
    // an error says that another test was first
    let _ = rustls::crypto::ring::default_provider().install_default();
}

#[tokio::test]
async fn health_is_constant_and_readiness_tells_the_truth() -> Result<(), Box<dyn std::error::Error>> {
    primitives();
    let up = Arc::new(AtomicBool::new(true));
    let seen = up.clone();
    let ready = move || if seen.load(Ordering::SeqCst) { vec![] } else { vec!["the bus cannot be reached".to_owned()] };
    let running = serve("127.0.0.1:0".parse()?, health_router(Arc::new(ready))).await?;
    let get = |path: &str| reqwest::get(format!("http://{}{path}", running.address));
    let health = get("/_health").await?;
    assert_eq!(health.headers()["content-type"], "application/json");
    assert_eq!((health.status().as_u16(), health.text().await?.as_str()), (200, "null"));
    assert_eq!(get("/_ready").await?.status().as_u16(), 200);
    up.store(false, Ordering::SeqCst);
    let ready = get("/_ready").await?;
    assert_eq!((ready.status().as_u16(), ready.text().await?.as_str()), (503, "the bus cannot be reached\n"));
    assert_eq!(get("/_health").await?.status().as_u16(), 200);
    running.stop().await;
    Ok(())
}

#[tokio::test]
async fn metrics_are_shown_under_any_path() -> Result<(), Box<dyn std::error::Error>> {
    primitives();
    let metrics = Arc::new(Metrics::default());
    metrics.set("waiting", &[], 3.0);
    let running = serve("127.0.0.1:0".parse()?, metrics_router(metrics)).await?;
    for path in ["/metrics", "/"] {
        let text = reqwest::get(format!("http://{}{path}", running.address)).await?.text().await?;
        assert!(text.contains("waiting 3.0"), "{text}");
    }
    running.stop().await;
    Ok(())
}

#[tokio::test]
async fn a_request_that_never_ends_keeps_nobody_from_stopping() -> Result<(), Box<dyn std::error::Error>> {
    use tokio::io::AsyncWriteExt;
    let running = serve("127.0.0.1:0".parse()?, metrics_router(Arc::default())).await?;
    let mut visitor = tokio::net::TcpStream::connect(running.address).await?;
    visitor.write_all(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc").await?;
    let mut half = tokio::net::TcpStream::connect(running.address).await?;
    half.write_all(b"GET /_health HTT").await?;
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    tokio::time::timeout(std::time::Duration::from_secs(10), running.stop()).await?;
    Ok(())
}
