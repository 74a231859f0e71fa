//! The one value of the engine, and the types that give a value its meaning.
//!
//! - [`Value`] is cheap to clone: maps share their [`Shape`] (keys once), texts are slices of the reply they came in.
//! - What could not be learned is [`Unknown`] and carries its reason; a list of which some elements could not be judged is *partial*.
//! - A value from outside is handed on as it came. Its declared [`Type`] travels beside it and is applied where a field is *used*
//!   ([`Value::typed`], [`Map::field`]): a time is read, a required field that is absent is unknown there, and nowhere else.

mod bridge;
mod compare;
mod decode;
pub mod duration;
mod encode;
mod list;
mod map;
mod number;
mod place;
mod print;
mod secret;
pub mod size;
mod text;
mod time;
mod types;
mod unknown;
mod value;
mod view;

pub use decode::{DecodeError, Decoder, decode};
pub use encode::{EncodeError, Expose, Refused};
pub use list::{List, Origin, SetAside};
pub use map::{Hint, Map, MapBuilder, Shape};
pub use number::whole;
pub use text::Text;
pub use time::{Pattern, PatternError, Time, TimeFormat, TimeFormatError, is_zone, zone, zone_of};
pub use types::{Enum, Field, ShapeType, Type};
pub use unknown::{Unknown, UnknownKind};
pub use value::{Id, Secret, Value};
