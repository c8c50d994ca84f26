//! The rules that are loaded, with what they have raised.

use std::cmp::Reverse;

use roundsman_rules::Severity;

use super::{RuleCard, fault::Fault, server::App};

/// All rules: the most urgent first, those that only feed others last, then by title.
pub(super) async fn rules(app: &App) -> Result<Vec<RuleCard>, Fault> {
    let fired = app.store().fired().await?;
    let mut cards = app.console().rules.borrow().as_ref().clone();
    for card in &mut cards {
        card.fired = fired.get(&card.id).copied().unwrap_or(0);
    }
    let urgency = |card: &RuleCard| card.level.as_deref().and_then(|word| word.parse::<Severity>().ok());
    cards.sort_by_cached_key(|card| (Reverse(urgency(card)), card.title.clone()));
    Ok(cards)
}
