//! Real peers for tests: NATS, Redis, mail, mailbox, gRPC and object servers as processes of their own, and an HTTP peer that misbehaves on demand.
//!
//! Everything here is blocking and uses only `std`, so that it can be called from any test, async or not. What can not
//! be started is a failed test, never a skipped one.

mod certificate;
mod count;
mod error;
mod grpc;
mod http;
mod imap;
mod lines;
mod locate;
mod nats;
mod ports;
mod process;
mod quoted;
mod redis;
mod s3;
mod server;
mod smtp;

pub use error::StartError;
pub use grpc::{GrpcConfig, GrpcServer};
pub use http::{Answer, Asked, FaultyHttp, Reply};
pub use imap::{ImapConfig, ImapServer};
pub use lines::{GREETING, LineServer, Turn};
pub use nats::{NatsConfig, NatsServer};
pub use ports::free_port;
pub use redis::{RedisConfig, RedisServer};
pub use s3::{S3Config, S3Server};
pub use server::{Protocol, Server};
pub use smtp::{SmtpConfig, SmtpServer};
