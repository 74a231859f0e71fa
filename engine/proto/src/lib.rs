//! Protocol Buffers by their descriptors: `.proto` files compiled in memory, messages made from values and read into values.
//!
//! The mapping is proto3's JSON one ([`Message::build`], [`Message::read`]): whole numbers of 64 bits are texts on the way out and numbers or
//! digits on the way in, enums are names, bytes are base64, floats are the shortest decimal, a null is not set. Nothing is generated and no
//! file is opened: texts of files are handed in.
//!
//! ```
//! let proto = r#"
//!     syntax = "proto3";
//!     package shop;
//!     service Shop { rpc Find(Query) returns (Answer); }
//!     message Query { int64 id = 1; }
//!     message Answer { string name = 1; float price = 2; }
//! "#;
//! let protos = wf_proto::Protos::compile("shop.proto", &|path| (path == "shop.proto").then(|| proto.into()))?;
//! let find = protos.method("shop.Shop/Find")?;
//! let query = wf_value::decode(r#"{"id": "77"}"#)?;
//! assert_eq!(find.input.build(&query, wf_proto::Unlisted::Refuse)?, [8, 77]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod build;
mod code;
mod compile;
mod message;
mod read;
mod scalars;
mod types;

pub use build::{Unfit, Unlisted};
pub use code::Code;
pub use compile::{Method, NoMethod, ProtoError, Protos};
pub use message::Message;
pub use read::{Defaults, Unreadable};
