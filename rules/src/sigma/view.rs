//! What rules see of an event: the fields that some rule asks for, each value as text, once per event.

use std::{collections::HashMap, io::Write, sync::Arc};

use roundsman_ingest::{
    Event,
    event::Value,
    field::{self, Field},
    formats::LogSource,
};

use super::{index::Plan, pattern::fold};

/// Index of a slot: a field as rules name it, with the names under which events may carry it.
pub(super) type SlotId = u32;

/// Index of a field that some rule looks at, dense.
pub(super) type FieldId = u32;

/// The slot of keywords: the whole record.
pub(super) const KEYWORDS: SlotId = 0;

const NONE: u32 = u32::MAX;

/// All slots of a rule set.
#[derive(Debug)]
pub(super) struct Slots {
    candidates: Vec<Box<[FieldId]>>,
    by_candidates: HashMap<Box<[FieldId]>, SlotId>,
    fields: Vec<Field>,
    /// By [`Field::index`].
    by_field: Vec<FieldId>,
}

impl Slots {
    pub fn new() -> Self {
        // field 0 is no real field: it holds the keywords' haystacks
        let mut slots = Slots {
            candidates: Vec::new(),
            by_candidates: HashMap::new(),
            fields: vec![field::EVENT_ORIGINAL],
            by_field: Vec::new(),
        };
        slots.add([0].into());
        slots
    }

    /// The slot of these names, the preferred one first. Names that can be interned no more are left out: no event
    /// can carry them.
    pub fn intern<'n>(&mut self, names: impl IntoIterator<Item = &'n str>) -> SlotId {
        let fields = names.into_iter().filter_map(Field::intern).map(|f| self.field_id(f)).collect();
        self.add(fields)
    }

    fn add(&mut self, fields: Box<[FieldId]>) -> SlotId {
        if let Some(&known) = self.by_candidates.get(&fields) {
            return known;
        }
        let slot = self.candidates.len() as SlotId;
        self.by_candidates.insert(fields.clone(), slot);
        self.candidates.push(fields);
        slot
    }

    fn field_id(&mut self, field: Field) -> FieldId {
        if self.by_field.len() <= field.index() {
            self.by_field.resize(field.index() + 1, NONE);
        }
        if self.by_field[field.index()] == NONE {
            self.by_field[field.index()] = self.fields.len() as FieldId;
            self.fields.push(field);
        }
        self.by_field[field.index()]
    }

    /// The fields of a slot, the preferred one first.
    pub fn candidates(&self, slot: SlotId) -> &[FieldId] {
        &self.candidates[slot as usize]
    }

    /// The interned names of a slot.
    pub fn names(&self, slot: SlotId) -> impl Iterator<Item = Field> + '_ {
        self.candidates(slot).iter().map(|&f| self.fields[f as usize])
    }

    /// How many fields there are.
    pub fn field_count(&self) -> usize {
        self.fields.len()
    }

    fn id(&self, field: Field) -> Option<FieldId> {
        self.by_field.get(field.index()).copied().filter(|&id| id != NONE)
    }
}

/// One value of a field.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    value: Value,
    /// Own text in the scratch, where the event holds none.
    own: Option<(u32, u32)>,
    /// Folded text in the scratch, where the text is not all ASCII.
    folded: Option<(u32, u32)>,
    next: u32,
}

impl Cell {
    pub fn is_null(&self) -> bool {
        self.value == Value::Null
    }

    pub fn value(&self) -> Value {
        self.value
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct FieldState {
    epoch: u32,
    head: u32,
    tail: u32,
}

/// A worker's buffers for matching, reused from event to event: matching allocates nothing.
#[derive(Default)]
pub struct Scratch {
    /// The rule set that the plans belong to.
    pub(super) owner: u64,
    pub(super) plans: Vec<(LogSource, bool, Arc<Plan>)>,
    pub(super) cells: Cells,
    pub(super) seen: Vec<u32>,
    pub(super) candidates: Vec<u32>,
    pub(super) haystack: Vec<u8>,
}

/// The values of the event at hand.
#[derive(Default)]
pub(super) struct Cells {
    pub epoch: u32,
    fields: Vec<FieldState>,
    cells: Vec<Cell>,
    text: Vec<u8>,
}

impl Cells {
    /// Takes up the values of the next event that the plan's rules look at.
    pub fn fill(&mut self, event: &Event, slots: &Slots, plan: &Plan) {
        self.epoch = self.epoch.wrapping_add(1);
        if self.epoch == 0 {
            self.fields.fill(FieldState::default());
            self.epoch = 1;
        }
        self.fields.resize(slots.field_count(), FieldState::default());
        self.cells.clear();
        self.text.clear();
        for &(field, value) in event.fields() {
            if let Some(id) = slots.id(field)
                && plan.wants(id)
            {
                self.push(event, id, value);
            }
        }
        self.fill_own(event, slots, plan);
    }

    /// Fields that no format sets because the record itself has them.
    fn fill_own(&mut self, event: &Event, slots: &Slots, plan: &Plan) {
        let wanted = |field| slots.id(field).filter(|&id| plan.wants(id));
        if let Some(id) = wanted(field::HOST_NAME)
            && let Some(host) = &event.origin.host
        {
            self.fields[id as usize].epoch = 0;
            self.push_text(id, host.as_bytes());
        }
        if let Some(id) = wanted(field::TIMESTAMP).filter(|&id| !self.has(id))
            && let Some(time) = event.time
        {
            let start = self.text.len() as u32;
            let _ = write!(self.text, "{time}");
            self.push_own(id, start);
        }
        if let Some(id) = wanted(field::EVENT_ORIGINAL).filter(|&id| !self.has(id)) {
            self.push(event, id, Value::Raw(0, event.raw.len() as u32));
        }
        if let Some(id) = wanted(field::ROUNDSMAN_FORMAT).filter(|&id| !self.has(id)) {
            self.push(event, id, Value::Static(event.format_name()));
        }
    }

    /// Keywords look at the record as it stands, and at what was decoded from it. A JSON record's keys, quotes and
    /// escapes are nothing that anybody logged: there only the values count. Called after [`Cells::fill`], for events
    /// that a rule with keywords could match.
    pub fn fill_keywords(&mut self, event: &Event) {
        let json = is_json(event);
        if !json {
            self.push(event, KEYWORDS, Value::Raw(0, event.raw.len() as u32));
        }
        for &(_, value) in event.fields() {
            if json || matches!(value, Value::Text(..)) {
                self.push(event, KEYWORDS, value);
            }
        }
    }

    /// Gives `look` texts, folded or ASCII, that hold all that keywords look at: the record, and what does not stand in
    /// it as it is. `buffer` is for folding.
    pub fn haystacks(event: &Event, buffer: &mut Vec<u8>, mut look: impl FnMut(&[u8])) {
        let mut text = |bytes: &[u8], look: &mut dyn FnMut(&[u8])| {
            if bytes.is_ascii() {
                return look(bytes);
            }
            buffer.clear();
            fold(bytes, buffer);
            look(buffer);
        };
        text(&event.raw, &mut look);
        let json = is_json(event);
        for &(_, value) in event.fields() {
            let elsewhere =
                matches!(value, Value::Text(..)) || json && matches!(value, Value::Static(_) | Value::Float(_));
            if elsewhere && let Some(bytes) = event.value_bytes(value) {
                text(&bytes, &mut look);
            }
        }
    }

    fn push(&mut self, event: &Event, id: FieldId, value: Value) {
        let start = self.text.len() as u32;
        match value {
            Value::Int(n) => {
                write_int(n, &mut self.text);
                self.link(id, Cell { value, own: Some((start, self.text.len() as u32)), folded: None, next: NONE });
            }
            Value::Float(n) => {
                // a whole float is written with its point, as in the JSON that it came from
                let _ = if n.fract() == 0.0 && n.abs() < 1e16 {
                    write!(self.text, "{n:.1}")
                } else {
                    write!(self.text, "{n}")
                };
                self.link(id, Cell { value, own: Some((start, self.text.len() as u32)), folded: None, next: NONE });
            }
            _ => {
                let bytes = event.value_bytes(value);
                let folded = bytes.filter(|b| !b.is_ascii()).map(|b| self.fold(&b));
                self.link(id, Cell { value, own: None, folded, next: NONE });
            }
        }
    }

    fn push_text(&mut self, id: FieldId, text: &[u8]) {
        let start = self.text.len() as u32;
        self.text.extend_from_slice(text);
        self.push_own(id, start);
    }

    fn push_own(&mut self, id: FieldId, start: u32) {
        let end = self.text.len() as u32;
        let ascii = self.text[start as usize..].is_ascii();
        let folded = (!ascii).then(|| {
            let own = self.text[start as usize..end as usize].to_vec();
            self.fold(&own)
        });
        self.link(id, Cell { value: Value::Static(""), own: Some((start, end)), folded, next: NONE });
    }

    fn fold(&mut self, text: &[u8]) -> (u32, u32) {
        let start = self.text.len() as u32;
        fold(text, &mut self.text);
        (start, self.text.len() as u32)
    }

    fn link(&mut self, id: FieldId, cell: Cell) {
        let at = self.cells.len() as u32;
        self.cells.push(cell);
        let state = &mut self.fields[id as usize];
        if state.epoch == self.epoch {
            self.cells[state.tail as usize].next = at;
            state.tail = at;
        } else {
            *state = FieldState { epoch: self.epoch, head: at, tail: at };
        }
    }

    fn has(&self, id: FieldId) -> bool {
        self.fields[id as usize].epoch == self.epoch
    }

    /// The values of a field, in order.
    pub fn of_field(&self, id: FieldId) -> impl Iterator<Item = &Cell> {
        let mut at = if self.has(id) { self.fields[id as usize].head } else { NONE };
        std::iter::from_fn(move || {
            let cell = self.cells.get(at as usize)?;
            at = cell.next;
            Some(cell)
        })
    }
}

fn is_json(event: &Event) -> bool {
    event.raw.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{')
}

/// Appends the decimal digits: several times as fast as the formatter.
fn write_int(number: i64, out: &mut Vec<u8>) {
    let mut digits = [0; 20];
    let (mut at, mut rest) = (digits.len(), number.unsigned_abs());
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(&digits[at..]);
}

/// An event with its values at hand.
#[derive(Clone, Copy)]
pub(super) struct View<'v> {
    pub event: &'v Event<'v>,
    pub cells: &'v Cells,
    pub slots: &'v Slots,
}

impl<'v> View<'v> {
    /// The values of the first of the slot's fields that the event carries.
    pub fn values(&self, slot: SlotId) -> impl Iterator<Item = &'v Cell> + use<'v> {
        let present = self.slots.candidates(slot).iter().find(|&&id| self.cells.has(id));
        present.map(|&id| self.cells.of_field(id)).into_iter().flatten()
    }

    /// A value's text as it is.
    pub fn text(&self, cell: &Cell) -> &'v [u8] {
        match (cell.own, cell.value) {
            (Some((start, end)), _) => &self.cells.text[start as usize..end as usize],
            (None, value) => match self.event.value_bytes(value) {
                Some(std::borrow::Cow::Borrowed(text)) => text,
                _ => b"",
            },
        }
    }

    /// A value's text without its case; ASCII text is given as it is, to be compared without regard to case.
    pub fn folded(&self, cell: &Cell) -> &'v [u8] {
        match cell.folded {
            Some((start, end)) => &self.cells.text[start as usize..end as usize],
            None => self.text(cell),
        }
    }
}
