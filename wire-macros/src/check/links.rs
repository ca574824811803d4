//! What refers to other fields: tags and forms, conditions, control bits, counted bits, trailers.

use super::layout::names;
use crate::diag::Diag;
use crate::model::{Layout, Member, Role};
use crate::parse::expr::Expr;
use crate::parse::ty::TyKind;
use proc_macro2::Ident;

/// What stands for the octets that are left, in the condition of an optional field.
pub(crate) const REMAINING: &str = "remaining";

/// Checks the references between fields, and marks those that steer the layout.
pub(crate) fn links(layout: &mut Layout, diag: &mut Diag) {
    forms(layout, diag);
    for (index, member) in layout.members.iter().enumerate() {
        if let Some(when) = &member.when {
            earlier(when, layout, index, diag);
        }
        match &member.role {
            Role::From(value) => names(value, layout, diag),
            Role::Trailer(len) => names(len, layout, diag),
            _ => {}
        }
        let control = matches!(member.role, Role::From(_) | Role::TagOf(_));
        if control && member.run() > 0 {
            diag.error(
                &member.name,
                "what steers the layout stands before the fields of variable length",
            );
        }
        if let Some(measure) = &member.measure
            && layout.vars().all(|var| var.name != measure.name)
        {
            let message = format!("there is no field `{}` of variable length", measure.name);
            diag.error(&measure.name, message);
        }
    }
    mark(layout);
}

/// Every form has its tag before it, and every tag its form.
fn forms(layout: &Layout, diag: &mut Diag) {
    for (index, member) in layout.members.iter().enumerate() {
        if let Some(tag) = &member.tag {
            let found = layout.members.iter().position(|m| m.name == *tag);
            let of_this = |m: &Member| matches!(&m.role, Role::TagOf(of) if *of == member.name);
            match found {
                None => diag.error(tag, format!("there is no field `{tag}`")),
                Some(at) if at > index => {
                    diag.error(tag, format!("`{tag}` has to stand before the form"));
                }
                Some(at) if !layout.members.get(at).is_some_and(of_this) => {
                    let message = format!(
                        "mark `{tag}` with `#[tag_of({})]`: it is the tag",
                        member.name
                    );
                    diag.error(tag, message);
                }
                Some(_) => {}
            }
        }
        if let Role::TagOf(field) = &member.role {
            let form = layout
                .named(field)
                .filter(|m| m.tag.as_ref() == Some(&member.name));
            if form.is_none() {
                let message = format!(
                    "there is no `#[form({})] {field}` that this is the tag of",
                    member.name
                );
                diag.error(field, message);
            }
        }
        let form = matches!(member.ty.kind, TyKind::Form(_));
        if form && !matches!(member.role, Role::Value) {
            diag.error(&member.name, "a form is a value");
        }
    }
}

/// A condition over fields that all have an accessor.
pub(crate) fn any_field(expr: &Expr, layout: &Layout, diag: &mut Diag) {
    expr.each_field(&mut |name| {
        let known = layout.named(name);
        if known.is_none_or(|m| matches!(m.role, Role::Reserved)) {
            diag.error(name, format!("there is no field `{name}`"));
        }
    });
}

/// The fields of a condition stand before the field that it is about.
fn earlier(expr: &Expr, layout: &Layout, index: usize, diag: &mut Diag) {
    expr.each_field(&mut |name| {
        let at = layout.members.iter().position(|m| m.name == *name);
        match at {
            None if name == REMAINING => {}
            None => diag.error(name, format!("there is no field `{name}`")),
            Some(at) if at >= index => {
                diag.error(name, format!("`{name}` has to stand before this field"));
            }
            Some(at) => {
                let reserved = layout
                    .members
                    .get(at)
                    .is_some_and(|m| matches!(m.role, Role::Reserved | Role::Payload));
                if reserved {
                    diag.error(name, format!("`{name}` has no value"));
                }
            }
        }
    });
}

/// Whether a condition asks for the octets that are left.
pub(crate) fn asks_remaining(expr: &Expr) -> bool {
    let mut found = false;
    expr.each_field(&mut |name| found |= name == REMAINING);
    found
}

/// Fields that conditions, trailers and counted bits depend on have no setters.
fn mark(layout: &mut Layout) {
    let mut steering: Vec<Ident> = Vec::new();
    for member in &layout.members {
        let trailer = match &member.role {
            Role::Trailer(len) => Some(len),
            _ => None,
        };
        for expr in member.when.iter().chain(trailer) {
            expr.each_field(&mut |name| steering.push(name.clone()));
        }
    }
    for member in &mut layout.members {
        member.steers = member.measure.is_some() || steering.contains(&member.name);
    }
}
