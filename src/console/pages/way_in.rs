//! The pages before the sign-in.

use maud::{Markup, html};
use roundsman_sinks::store::Role;

use super::{bare, sentence};
use crate::console::{
    fault::Fault,
    sign_in::{MAX_NAME, MIN_PASSWORD},
};

/// Name and password.
pub(in crate::console) fn sign_in(next: &str, refusal: Option<&Fault>) -> Markup {
    bare(
        "Sign in",
        &html! {
            h1 { "Sign in" }
            (refused(refusal))
            form method="post" action="/sign-in" class="stack" {
                input type="hidden" name="next" value=(next);
                label for="name" { "Name" }
                input id="name" name="name" autocomplete="username" autocapitalize="none" required autofocus maxlength=(MAX_NAME);
                label for="password" { "Password" }
                input id="password" name="password" type="password" autocomplete="current-password" required;
                button class="primary" { "Sign in" }
            }
            p class="hint" { "No account yet? An admin can make a one-time link for you. The first one is printed when Roundsman starts for the first time." }
        },
    )
}

/// What a one-time link leads to: choose a name and a password.
pub(in crate::console) fn once(token: &str, role: Role, name: &str, refusal: Option<&Fault>) -> Markup {
    bare(
        "Welcome",
        &html! {
            h1 { "Welcome" }
            p { "This link lets one person in as " strong { (role.as_str()) } ". Choose how you will sign in from now on." }
            (refused(refusal))
            form method="post" action={ "/sign-in/once/" (token) } class="stack" {
                label for="name" { "Name" }
                input id="name" name="name" value=(name) autocomplete="username" autocapitalize="none" required autofocus maxlength=(MAX_NAME);
                label for="password" { "Password" }
                input id="password" name="password" type="password" autocomplete="new-password" required minlength=(MIN_PASSWORD) aria-describedby="rule";
                p id="rule" class="hint" { "At least " (MIN_PASSWORD) " characters. A few words are easy to keep." }
                button class="primary" { "Come in" }
            }
        },
    )
}

fn refused(fault: Option<&Fault>) -> Markup {
    html! { @if let Some(fault) = fault { p class="refusal" role="alert" { (sentence(&fault.to_string())) } } }
}
