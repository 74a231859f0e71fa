//! The one value of the engine, and the types that give a value its meaning.
//!
//! - [`Value`] is cheap to clone: maps share their [`Shape`] (keys once), texts are slices of the reply they came in.
//! - What could not be learned is [`Unknown`] and carries its reason; a list of which some elements could not be judged is *partial*.
//! - A value from outside is handed on as it came. Its declared [`Type`] travels beside it and is applied where a field is *used*
//!   ([`Value::typed`], [`Map::field`]): a time is read, a required field that is absent is unknown there, and nowhere else.
//!
//! In: [`decode`] (or a [`Decoder`] that is kept), [`coerce`] and [`InputSpec::take`] for inputs. Out: [`Value::encode`] for the wire,
//! [`Value::for_place`] before it, [`Value::print`] for people, [`Value::canonical`] for hashes, [`Value::strip`] for keeping.
//!
//! ```
//! use wf_value::{Field, Type, decode};
//!
//! let rows = decode(r#"[{"name": "A", "seen": "2022-06-01T13:58:00.000Z"}, {"name": "B"}]"#)?;
//! let seen = Field { name: "seen".into(), ty: Type::timestamp(), default: None };
//! let rows = rows.typed(&Type::list(Type::shape("row", vec![seen])));
//!
//! let last = rows.as_list().and_then(|rows| rows.get(1)).unwrap_or_default();
//! let seen = last.as_map().map(|row| row.get("seen")).unwrap_or_default();
//! assert!(seen.as_unknown().is_some_and(|unknown| unknown.sentence() == "`seen` is missing"));
//! assert_eq!(last.encode().as_deref(), Ok(r#"{"name":"B"}"#));
//! # Ok::<(), wf_value::DecodeError>(())
//! ```

mod bridge;
mod compare;
mod decode;
pub mod duration;
mod encode;
mod flat;
pub mod input;
mod list;
mod map;
mod number;
mod place;
mod print;
mod scan;
mod secret;
mod seen;
pub mod size;
mod text;
mod time;
mod types;
mod unknown;
mod value;
mod view;

pub use decode::{DecodeError, Decoder, decode};
pub use encode::{EncodeError, Expose, Refused};
pub use input::{Extra, Fallback, InputField, InputSpec, Presence, Refusal, coerce};
pub use list::{List, Origin, SetAside};
pub use map::{Hint, Map, MapBuilder, Shape};
pub use number::whole;
pub use seen::{Seen, SeenMap};
pub use text::Text;
pub use time::{Pattern, PatternError, Time, TimeFormat, TimeFormatError, is_zone, zone, zone_names, zone_of};
pub use types::{Enum, Field, ShapeType, Type};
pub use unknown::{Unknown, UnknownKind};
pub use value::{Id, Secret, Value};
