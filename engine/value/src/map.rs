//! Maps: keys are texts, their order is kept, and the keys of alike maps stand in memory once.

use std::collections::hash_map::Entry;
use std::sync::{Arc, OnceLock};

use arcstr::ArcStr;
use rustc_hash::FxHashMap;

use crate::flat::Cells;
use crate::{SetAside, ShapeType, Text, Unknown, UnknownKind, Value};

/// The keys of a map, in order, each once.
#[derive(Debug, Default)]
pub struct Shape {
    keys: Vec<Text>,
    /// Places of keys, from the ninth key on; up to eight are found faster by looking.
    index: OnceLock<Index>,
}

type Index = FxHashMap<Text, u32>;

const LOOKED_THROUGH: usize = 8;

impl Shape {
    /// A key that stands twice is kept at its first place.
    #[must_use]
    pub fn new(keys: Vec<Text>) -> Self {
        Self { keys, index: OnceLock::new() }
    }

    #[must_use]
    pub fn keys(&self) -> &[Text] {
        &self.keys
    }

    /// The place of a key. `hint` is where it was in the last map of this kind.
    #[must_use]
    pub fn find(&self, key: &str, hint: usize) -> Option<usize> {
        if self.keys.get(hint).is_some_and(|k| k.as_str() == key) {
            return Some(hint);
        }
        if self.keys.len() <= LOOKED_THROUGH {
            return self.keys.iter().position(|k| k.as_str() == key);
        }
        let index = self.index.get_or_init(|| {
            let mut index = Index::default();
            for (i, key) in self.keys.iter().enumerate() {
                index.entry(key.clone()).or_insert(u32::try_from(i).unwrap_or(u32::MAX));
            }
            index
        });
        index.get(key).map(|i| *i as usize)
    }
}

/// A map. Fields are read through the type that the map was declared with; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Map {
    data: Arc<MapData>,
    pub(crate) ty: Option<Arc<ShapeType>>,
}

/// Where a field was found last: alike maps have it at the same place, so that most look-ups compare one key.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hint {
    pub(crate) key: u32,
    pub(crate) field: u32,
}

impl Hint {
    /// As one number, for an atomic.
    #[must_use]
    pub fn pack(self) -> u64 {
        u64::from(self.key) << 32 | u64::from(self.field)
    }

    #[must_use]
    pub fn unpack(packed: u64) -> Self {
        let half = |n: u64| u32::try_from(n & u64::from(u32::MAX)).unwrap_or_default();
        Self { key: half(packed >> 32), field: half(packed) }
    }
}

#[derive(Debug, Default)]
struct MapData {
    shape: Arc<Shape>,
    /// As they came, one for each key of the shape.
    cells: Cells,
    /// Elements of the list this map was made of, whose key is unknown: they may be behind any key that is not here.
    aside: Vec<SetAside>,
}

impl Map {
    /// `values[i]` belongs to `shape.keys()[i]`; what is missing is null, what is too much is dropped.
    #[must_use]
    pub fn with_shape(shape: Arc<Shape>, mut values: Vec<Value>) -> Self {
        values.resize(shape.keys.len(), Value::Null);
        Self { data: Arc::new(MapData { shape, cells: Cells::Made(values), aside: Vec::new() }), ty: None }
    }

    /// A row of plain scalars that stands in `reply`: `starts[i]` is where the value of key `i` begins.
    pub(crate) fn written(shape: Arc<Shape>, reply: &ArcStr, starts: &[u32]) -> Self {
        let cells = Cells::written(reply, starts);
        Self { data: Arc::new(MapData { shape, cells, aside: Vec::new() }), ty: None }
    }

    /// The same map, partial: `aside` may stand behind any key that it lacks.
    #[must_use]
    pub fn with_aside(self, aside: Vec<SetAside>) -> Self {
        if aside.is_empty() {
            return self;
        }
        let data = MapData { shape: self.data.shape.clone(), cells: Cells::Made(self.raw_values().to_vec()), aside };
        Self { data: Arc::new(data), ty: self.ty }
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.data.cells.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    #[must_use]
    pub fn shape(&self) -> &Arc<Shape> {
        &self.data.shape
    }

    #[must_use]
    pub fn aside(&self) -> &[SetAside] {
        &self.data.aside
    }

    /// Why something that needs the whole map is unknown; `None` when it is whole.
    #[must_use]
    pub fn partial_reason(&self) -> Option<Unknown> {
        SetAside::reason(&self.data.aside, self.len())
    }

    /// What stands behind a key as it came, without its type. `None`: the key is absent.
    #[must_use]
    pub fn raw(&self, key: &str) -> Option<&Value> {
        self.raw_values().get(self.data.shape.find(key, 0)?)
    }

    #[must_use]
    pub fn raw_values(&self) -> &[Value] {
        self.data.cells.all()
    }

    #[must_use]
    pub fn contains(&self, key: &str) -> bool {
        self.data.shape.find(key, 0).is_some()
    }

    /// The pairs as they came, without their types.
    pub fn raw_iter(&self) -> impl ExactSizeIterator<Item = (&Text, &Value)> {
        self.data.shape.keys.iter().zip(self.raw_values())
    }

    /// `map.key` in the language: read as its type says. An absent field that its type calls optional is null, a required one unknown;
    /// of a map without a declared type an absent field is null (nobody promised it) unless elements of unknown key were set aside.
    #[must_use]
    pub fn field(&self, key: &str, hint: &mut Hint) -> Value {
        self.field_of(self.ty.as_deref(), key, hint)
    }

    /// [`Self::field`] where `ty` is declared of the map.
    pub(crate) fn field_of(&self, ty: Option<&ShapeType>, key: &str, hint: &mut Hint) -> Value {
        let made;
        let raw = match self.place(key, hint) {
            Some(place) => match self.standing(place) {
                Some(value) => Some(value),
                None => {
                    made = self.data.cells.read(place);
                    made.as_ref()
                }
            },
            None => None,
        };
        if raw.is_none()
            && let Some(first) = self.data.aside.first()
        {
            let reason = format!(
                "`{key}` may be one of {} elements that are undecided: {}",
                self.data.aside.len(),
                first.reason.reason
            );
            return Unknown::new(UnknownKind::Partial, reason).from_call(Some(first.place.clone())).into();
        }
        let Some(ty) = ty else { return raw.cloned().unwrap_or(Value::Null) };
        match (ty.find(key, &mut hint.field), &ty.others, raw) {
            (Some(field), _, raw) => field.read(raw),
            (None, Some(others), Some(raw)) => raw.clone().typed(others),
            (None, _, raw) => raw.cloned().unwrap_or(Value::Null),
        }
    }

    /// The place of a key; it is remembered.
    #[inline]
    pub(crate) fn place(&self, key: &str, hint: &mut Hint) -> Option<usize> {
        let place = self.data.shape.find(key, hint.key as usize)?;
        hint.key = u32::try_from(place).unwrap_or(0);
        Some(place)
    }

    /// What stands at a place as it came, when it was made already.
    #[inline]
    pub(crate) fn standing(&self, place: usize) -> Option<&Value> {
        self.data.cells.standing(place)
    }

    /// [`Self::field`] without a hint.
    #[must_use]
    pub fn get(&self, key: &str) -> Value {
        self.field(key, &mut Hint::default())
    }

    /// The pairs, read as their types say.
    pub fn iter(&self) -> impl Iterator<Item = (&Text, Value)> {
        let mut hint = 0;
        self.raw_iter().map(move |(key, raw)| {
            let Some(ty) = self.ty.as_deref() else { return (key, raw.clone()) };
            let value = match (ty.find(key, &mut hint), &ty.others) {
                (Some(field), _) => field.read(Some(raw)),
                (None, Some(others)) => raw.clone().typed(others),
                (None, None) => raw.clone(),
            };
            (key, value)
        })
    }

    /// What is declared about its fields.
    #[must_use]
    pub fn shape_type(&self) -> Option<&Arc<ShapeType>> {
        self.ty.as_ref()
    }

    /// The same map, fields of which are read as `ty` says.
    #[must_use]
    pub fn of(mut self, ty: Arc<ShapeType>) -> Self {
        self.ty = Some(ty);
        self
    }
}

/// Collects pairs; a key given again keeps its place and takes the new value.
#[derive(Debug, Default)]
pub struct MapBuilder {
    keys: Vec<Text>,
    values: Vec<Value>,
    index: Option<Index>,
}

impl MapBuilder {
    #[must_use]
    pub fn with_capacity(n: usize) -> Self {
        Self { keys: Vec::with_capacity(n), values: Vec::with_capacity(n), index: None }
    }

    pub fn insert(&mut self, key: Text, value: Value) {
        match self.place(&key) {
            Some(i) => self.values[i] = value,
            None => {
                self.keys.push(key);
                self.values.push(value);
            }
        }
    }

    /// The place of a key; `None`: the next one is its place, and it is taken note of.
    fn place(&mut self, key: &Text) -> Option<usize> {
        if self.keys.len() <= LOOKED_THROUGH {
            return self.keys.iter().position(|k| k == key);
        }
        let next = u32::try_from(self.keys.len()).unwrap_or(u32::MAX);
        match self.index().entry(key.clone()) {
            Entry::Occupied(there) => Some(*there.get() as usize),
            Entry::Vacant(free) => {
                free.insert(next);
                None
            }
        }
    }

    /// Keeps what stands there already.
    pub fn insert_new(&mut self, key: Text, value: Value) {
        if self.find(&key).is_none() {
            self.insert(key, value);
        }
    }

    #[must_use]
    pub fn contains(&mut self, key: &str) -> bool {
        self.find(key).is_some()
    }

    fn find(&mut self, key: &str) -> Option<usize> {
        if self.keys.len() <= LOOKED_THROUGH {
            return self.keys.iter().position(|k| k.as_str() == key);
        }
        self.index().get(key).map(|i| *i as usize)
    }

    fn index(&mut self) -> &mut Index {
        let (keys, room) = (&self.keys, self.keys.capacity());
        self.index.get_or_insert_with(|| {
            let mut index = Index::with_capacity_and_hasher(room, Default::default());
            index.extend(keys.iter().enumerate().map(|(i, k)| (k.clone(), u32::try_from(i).unwrap_or(u32::MAX))));
            index
        })
    }

    #[must_use]
    pub fn finish(self) -> Map {
        let shape = Shape::new(self.keys);
        if let Some(index) = self.index {
            // nobody else has seen it yet
            let _ = shape.index.set(index);
        }
        Map::with_shape(Arc::new(shape), self.values)
    }
}

impl FromIterator<(Text, Value)> for Map {
    fn from_iter<I: IntoIterator<Item = (Text, Value)>>(iter: I) -> Self {
        let mut builder = MapBuilder::default();
        for (key, value) in iter {
            builder.insert(key, value);
        }
        builder.finish()
    }
}
