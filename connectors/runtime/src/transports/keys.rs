//! Records by key: `record.get`, `.set`, … of a store (`connectors.md` §3).

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use wf_expr::functions::Locals;
use wf_expr::template::Part;
use wf_expr::{Written, WrittenKind};
use wf_host::ports::{EMBEDDED, KeyError, KeyStore};
use wf_plan::{Request, Word};
use wf_value::{Decoder, List, Text, Type, Value};

use super::{Transport, extra};
use crate::drift::drift;
use crate::error::StartError;
use crate::http::Allowance;
use crate::live_face::{Ask, FaceSettings};
use crate::outgoing::{Bad, NotBuilt, plain};
use crate::received::{Lost, Received};
use crate::scene::{Reads, Scene};

/// The store of one file.
pub(crate) struct Keys {
    pub(crate) store: Arc<dyn KeyStore>,
    /// For limits and messages; never with a password.
    pub(crate) host: String,
}

/// An operation on one record, or on all that begin alike.
pub(crate) enum Call {
    Get(String, Form),
    Exists(String),
    List(Beginning, Form),
    Set { key: String, value: Bytes, ttl: Option<Duration>, only_new: bool },
    Delete(String),
    Expire(String, Duration),
    Rename(String, String),
    Add { key: String, by: i64, ttl: Option<Duration> },
}

/// How a value stands in the store, and what it has to be.
pub(crate) struct Form {
    ty: Type,
    /// As plain text; else as JSON.
    is_text: bool,
    /// What does not fit its type counts as absent.
    unfit_is_absent: bool,
    /// `folder.record.get`: where lists in a value come from.
    origin: Text,
}

/// The beginning of keys; the whole of one when nothing is open in it.
pub(crate) struct Beginning {
    text: String,
    is_whole: bool,
}

impl Keys {
    /// The store that the file names; nobody is asked yet.
    pub(crate) fn open(settings: &FaceSettings<'_>) -> Result<Self, StartError> {
        let server = settings.server()?.unwrap_or_else(|| EMBEDDED.to_owned());
        // a host may be a setting of its own, with the port written behind it
        let server = if server.split(':').next() == Some(EMBEDDED) { EMBEDDED.to_owned() } else { server };
        let store = settings.tools.keys.open(&server).map_err(|why| settings.unusable(why.to_string()))?;
        let host = server.rsplit(['@', '/']).next().unwrap_or_default().to_owned();
        Ok(Self { store, host })
    }
}

impl Transport for Keys {
    type Call = Call;

    fn host(&self) -> &str {
        &self.host
    }

    fn build(&self, ask: &Ask<'_>) -> Result<Call, NotBuilt> {
        let (request, scene) = (ask.request, &ask.scene);
        let beginning = beginning(request.target.as_ref(), scene)?;
        let key = || match beginning.is_whole {
            true => Ok(beginning.text.clone()),
            false => Err(bad("the key", "has a placeholder without a value")),
        };
        let ttl = || ttl(request, scene);
        Ok(match request.verb.as_str() {
            "GET" => Call::Get(key()?, Form::of(request, scene, request.vendor.required())?),
            "EXISTS" => Call::Exists(key()?),
            "LIST" => {
                let element = match request.vendor.required() {
                    Type::List(element) => (**element).clone(),
                    _ => Type::Any,
                };
                let form = Form::of(request, scene, &element)?;
                Call::List(beginning, form)
            }
            verb @ ("SET" | "SET_NEW") => {
                let value = stored(request, scene)?;
                Call::Set { key: key()?, value, ttl: ttl()?, only_new: verb == "SET_NEW" }
            }
            "DELETE" => Call::Delete(key()?),
            "EXPIRE" => Call::Expire(key()?, ttl()?.ok_or_else(|| bad("ttl", "is missing"))?),
            "RENAME" => {
                let to = extra(request, "to", scene)?;
                let to = plain(&to).filter(|to| !to.is_empty());
                Call::Rename(key()?, to.ok_or_else(|| bad("to", "is empty, it should be a key"))?)
            }
            "ADD" => Call::Add { key: key()?, by: extra(request, "value", scene)?.as_int().unwrap_or(1), ttl: ttl()? },
            other => {
                return Err(NotBuilt::Unusable(format!("there is no operation `{other}` on a record")));
            }
        })
    }

    async fn send(&self, call: Call, _: Allowance) -> Result<Received, Lost> {
        let store = &self.store;
        let done = async {
            Ok(match call {
                Call::Get(key, form) => match store.get(&key).await? {
                    Some(value) => return Ok(form.read(&key, &value).map(Received::value)),
                    None => Value::Null,
                },
                Call::Exists(key) => store.get(&key).await?.is_some().into(),
                Call::List(beginning, form) => {
                    let records = match beginning.is_whole {
                        true => {
                            store.get(&beginning.text).await?.map(|value| (beginning.text, value)).into_iter().collect()
                        }
                        false => store.list(&beginning.text).await?,
                    };
                    form.read_all(&records)
                }
                Call::Set { key, value, ttl, only_new } => {
                    let kept = store.set(&key, value, ttl, only_new).await?;
                    if only_new { kept.into() } else { Value::Null }
                }
                Call::Delete(key) => {
                    store.delete(&key).await?;
                    Value::Null
                }
                Call::Expire(key, ttl) => {
                    store.expire(&key, ttl).await?;
                    Value::Null
                }
                Call::Rename(key, to) => match store.rename(&key, &to).await? {
                    true => Value::Null,
                    false => return Ok(Ok(Received::text(404, "there is no such record"))),
                },
                Call::Add { key, by, ttl } => Value::Int(store.add(&key, by, ttl).await?),
            })
            .map(|value| Ok(Received::value(value)))
        };
        done.await.unwrap_or_else(|why| match why {
            KeyError::NoConnection(_) => Err(Lost::new(Word::NoConnection, why.to_string())),
            KeyError::NoAnswer(_) => Err(Lost::new(Word::NoAnswer, why.to_string())),
            KeyError::Refused(said) => Ok(Received::text(500, &said)),
        })
    }
}

impl Form {
    fn of(request: &Request, scene: &Scene<'_>, ty: &Type) -> Result<Self, NotBuilt> {
        let is = |name: &str, word: &str| Ok::<_, NotBuilt>(extra(request, name, scene)?.as_str() == Some(word));
        Ok(Self {
            ty: ty.clone(),
            is_text: is("form", "text")?,
            unfit_is_absent: is("unfit", "absent")?,
            origin: request.template.clone(),
        })
    }

    /// The value of a record; one that does not fit its type is a failed read, or counts as absent.
    fn read(&self, key: &str, stored: &[u8]) -> Result<Value, Lost> {
        match self.fitting(stored) {
            Ok(value) => Ok(value),
            Err(why) if self.unfit_is_absent => {
                tracing::warn!(record = self.origin.as_str(), key, why, "a record counts as absent");
                Ok(Value::Null)
            }
            Err(why) => Err(Lost::new(Word::Unusable, format!("what is stored under {key} does not fit: {why}"))),
        }
    }

    /// The values of all records. One that does not fit stays in the list as it is, where its reader sets it aside, or is left out.
    fn read_all(&self, records: &[(String, Bytes)]) -> Value {
        let mut values = Vec::with_capacity(records.len());
        for (key, stored) in records {
            match self.fitting(stored) {
                Ok(value) => values.push(value),
                Err(why) => {
                    tracing::warn!(record = self.origin.as_str(), key, why, "a record does not fit");
                    if !self.unfit_is_absent {
                        values.push(self.decoded(stored).unwrap_or_else(|_| as_text(stored)));
                    }
                }
            }
        }
        List::new(values).into()
    }

    fn fitting(&self, stored: &[u8]) -> Result<Value, String> {
        let value = self.decoded(stored)?;
        let drift = drift(&value, &self.ty);
        match drift.members {
            0 => Ok(value),
            _ => Err(format!("it should be {}: {}", self.ty.noun(), drift.words())),
        }
    }

    fn decoded(&self, stored: &[u8]) -> Result<Value, String> {
        if self.is_text {
            return Ok(as_text(stored));
        }
        Decoder::new().call(self.origin.clone()).decode(stored).map_err(|why| format!("it is no JSON: {why}"))
    }
}

fn as_text(stored: &[u8]) -> Value {
    Value::text(&*String::from_utf8_lossy(stored))
}

/// The value as it is stored: nulls too, secrets not.
fn stored(request: &Request, scene: &Scene<'_>) -> Result<Bytes, NotBuilt> {
    let value = extra(request, "value", scene)?;
    if extra(request, "form", scene)?.as_str() == Some("text") {
        let text = plain(&value).filter(|_| !value.has_secret());
        return text.map(Bytes::from).ok_or_else(|| Bad::value("value", &value).into());
    }
    value.encode().map(Bytes::from).map_err(|why| NotBuilt::Unusable(format!("the value cannot be stored: {why}")))
}

/// How long a record stays: as its caller says, else as the file does. `None`: for ever.
fn ttl(request: &Request, scene: &Scene<'_>) -> Result<Option<Duration>, NotBuilt> {
    for name in ["ttl", "default_ttl"] {
        if extra(request, name, scene)?.is_null() {
            continue;
        }
        let written = request.extra.iter().find(|(known, _)| known.as_str() == name).map(|(_, written)| written);
        let ttl = scene.duration(written).and_then(|ttl| Duration::try_from(ttl).ok()).filter(|ttl| !ttl.is_zero());
        return ttl.map(Some).ok_or_else(|| bad("ttl", "should be longer than 0"));
    }
    Ok(None)
}

fn bad(place: &str, expectation: &str) -> NotBuilt {
    NotBuilt::Bad(Bad { place: place.to_owned(), expectation: expectation.to_owned() })
}

/// The key up to the first placeholder without a value.
fn beginning(key: Option<&Written>, scene: &Scene<'_>) -> Result<Beginning, NotBuilt> {
    let mut beginning = Beginning { text: String::new(), is_whole: true };
    let Some(key) = key else { return Err(bad("the key", "is not said")) };
    let WrittenKind::Text(template) = &key.kind else {
        let value = scene.value(key);
        beginning.text = match &value {
            Value::Unknown(why) => return Err(why.clone().into()),
            value => plain(value).ok_or_else(|| Bad::value("the key", value))?,
        };
        return Ok(beginning);
    };
    let rendered = scene.with(Reads::Typed, |ctx| {
        for part in &template.parts {
            match part {
                Part::Text(text) => beginning.text.push_str(text),
                Part::Hole { code, .. } => match code.eval(ctx, &mut Locals::default()) {
                    Value::Unknown(why) => return Err(why.into()),
                    Value::Null => {
                        beginning.is_whole = false;
                        return Ok(());
                    }
                    value => {
                        let text = plain(&value).filter(|text| !text.is_empty());
                        let text = text.ok_or_else(|| Bad::value(&code.text, &value))?;
                        beginning.text.push_str(&text);
                    }
                },
                Part::If { .. } | Part::Each { .. } | Part::Partial { .. } => {
                    return Err(NotBuilt::Unusable("a key has placeholders, no lists and templates".into()));
                }
            }
        }
        Ok(())
    });
    rendered.map(|()| beginning)
}
