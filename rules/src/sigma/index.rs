//! Which rules an event could match: literals choose candidates, the compiled conditions confirm them.

use std::collections::BTreeMap;

use aho_corasick::packed;
use foldhash::HashMap;

use super::{
    expr::{Atom, Expr},
    fragments::Fragments,
    view::{Cells, FieldId, KEYWORDS, SlotId, Slots, View},
};

/// The index over those rules that look at one kind of event.
pub(super) struct Plan {
    /// By [`FieldId`].
    wanted: Vec<bool>,
    fields: Vec<FieldIndex>,
    /// Rules that nothing can be said about beforehand.
    always: Box<[u32]>,
}

struct FieldIndex {
    field: FieldId,
    holds: Option<Fragments>,
    /// Tells whether any of few literals stands in a text, with vector instructions where the processor has them; mostly
    /// none does, and that is all.
    any: Option<packed::Searcher>,
    /// The rules of each literal of `holds`.
    holds_rules: Vec<Box<[u32]>>,
    exact: HashMap<Box<[u8]>, Box<[u32]>>,
    longest_exact: usize,
    present: Box<[u32]>,
}

#[derive(Default)]
struct Draft {
    holds: BTreeMap<Vec<u8>, Vec<u32>>,
    exact: BTreeMap<Vec<u8>, Vec<u32>>,
    present: Vec<u32>,
}

/// Longest text that is folded on the stack before any literal is looked for.
const MAX_FOLDED: usize = 512;
/// Longest value that the exact index folds on the stack; longer ones are looked for as text.
const MAX_EXACT: usize = 128;
impl Plan {
    /// Builds the index over these rules.
    pub fn build<'r>(slots: &Slots, rules: impl IntoIterator<Item = (u32, &'r Expr)>) -> Plan {
        let mut wanted = vec![false; slots.field_count()];
        let mut drafts: BTreeMap<FieldId, Draft> = BTreeMap::new();
        let mut always = Vec::new();
        for (rule, expr) in rules {
            let mut want = |slot: SlotId| slots.candidates(slot).iter().for_each(|&id| wanted[id as usize] = true);
            expr.items(&mut |item| {
                want(item.slot);
                item.tests.iter().for_each(|test| test.other_slot(&mut want));
            });
            let Some(atoms) = expr.required() else {
                always.push(rule);
                continue;
            };
            for atom in atoms {
                let (Atom::Exact(slot, _) | Atom::Holds(slot, _) | Atom::Present(slot)) = atom;
                for &id in slots.candidates(slot) {
                    drafts.entry(id).or_default().add(&atom, rule, id == KEYWORDS);
                }
            }
        }
        let fields = drafts.into_iter().map(|(field, draft)| draft.finish(field)).collect();
        Plan { wanted, fields, always: always.into() }
    }

    /// Whether some rule looks at this field.
    pub fn wants(&self, field: FieldId) -> bool {
        field != KEYWORDS && self.wanted[field as usize]
    }

    /// Whether some rule has keywords.
    pub fn wants_keywords(&self) -> bool {
        self.wanted[KEYWORDS as usize]
    }

    /// No rule at all.
    pub fn is_empty(&self) -> bool {
        self.always.is_empty() && self.fields.is_empty()
    }

    /// Gathers the rules that the event could match, each once. `buffer` is for folding.
    pub fn candidates(&self, view: &View, seen: &mut [u32], buffer: &mut Vec<u8>, out: &mut Vec<u32>) {
        let epoch = view.cells.epoch;
        let mut add = |rules: &[u32]| {
            for &rule in rules {
                if std::mem::replace(&mut seen[rule as usize], epoch) != epoch {
                    out.push(rule);
                }
            }
        };
        add(&self.always);
        for index in &self.fields {
            if index.field == KEYWORDS {
                add(&index.present);
                Cells::haystacks(view.event, buffer, |text| index.look_for_holds(text, &mut add));
                continue;
            }
            for cell in view.cells.of_field(index.field) {
                index.look(view.folded(cell), &mut add);
            }
        }
    }

    /// Takes up the event's values.
    pub fn fill(&self, event: &roundsman_ingest::Event, slots: &Slots, cells: &mut Cells) {
        cells.fill(event, slots, self);
    }
}

impl Draft {
    fn add(&mut self, atom: &Atom, rule: u32, keywords: bool) {
        let rules = match atom {
            // the record as a whole stands for its values
            Atom::Exact(_, text) if keywords && !text.is_empty() => self.holds.entry(text.clone()).or_default(),
            Atom::Exact(..) if keywords => &mut self.present,
            Atom::Exact(_, text) if text.len() <= MAX_EXACT => self.exact.entry(text.clone()).or_default(),
            Atom::Exact(_, text) | Atom::Holds(_, text) => self.holds.entry(text.clone()).or_default(),
            Atom::Present(_) => &mut self.present,
        };
        if rules.last() != Some(&rule) {
            rules.push(rule);
        }
    }

    fn finish(self, field: FieldId) -> FieldIndex {
        let literals: Vec<Vec<u8>> = self.holds.keys().map(|literal| literal.to_ascii_lowercase()).collect();
        let any = packed::Builder::new().extend(&literals).build();
        let holds = (!literals.is_empty()).then(|| Fragments::new(literals));
        FieldIndex {
            field,
            holds,
            any,
            holds_rules: self.holds.into_values().map(Vec::into_boxed_slice).collect(),
            longest_exact: self.exact.keys().map(Vec::len).max().unwrap_or(0),
            exact: self.exact.into_iter().map(|(text, rules)| (text.into(), rules.into())).collect(),
            present: self.present.into(),
        }
    }
}

impl FieldIndex {
    fn look(&self, text: &[u8], add: &mut impl FnMut(&[u32])) {
        add(&self.present);
        if !self.exact.is_empty() && text.len() <= self.longest_exact {
            let mut lower = [0; MAX_EXACT];
            let lower = &mut lower[..text.len()];
            lower.copy_from_slice(text);
            lower.make_ascii_lowercase();
            if let Some(rules) = self.exact.get(&*lower) {
                add(rules);
            }
        }
        self.look_for_holds(text, add);
    }

    fn look_for_holds(&self, text: &[u8], add: &mut impl FnMut(&[u32])) {
        if let Some(literals) = &self.holds
            && self.may_hold(text)
        {
            literals.find(text, |literal| add(&self.holds_rules[literal]));
        }
    }

    /// Whether one of the literals may stand in the text.
    fn may_hold(&self, text: &[u8]) -> bool {
        let Some(any) = self.any.as_ref().filter(|any| text.len() <= MAX_FOLDED && text.len() >= any.minimum_len())
        else {
            return true;
        };
        let mut lower = [0; MAX_FOLDED];
        let lower = &mut lower[..text.len()];
        lower.copy_from_slice(text);
        lower.make_ascii_lowercase();
        any.find(lower).is_some()
    }
}
