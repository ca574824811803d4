//! Reads back what `Debug` of generated types prints, `[Mss { mss: 1460 }, Nop]`, so that options
//! can be compared field by field like everything else. It knows names, numbers, structs and lists.

/// A printed value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A number, an address, a name without fields: as printed.
    Text(String),
    /// `[a, b]`, or `Name(a, b)` without its name.
    List(Vec<Value>),
    /// `Name { field: value }`.
    Struct(String, Vec<(String, Value)>),
}

impl Value {
    /// Reads the whole of `text`; a string that is no printed value is a [`Value::Text`].
    pub fn read(text: &str) -> Self {
        let mut rest = text.trim();
        value(&mut rest)
    }

    /// The name of a variant.
    pub fn name(&self) -> &str {
        match self {
            Self::Text(name) | Self::Struct(name, _) => name,
            Self::List(_) => "",
        }
    }

    /// A field of a struct.
    pub fn field(&self, name: &str) -> Option<&Self> {
        let Self::Struct(_, fields) = self else {
            return None;
        };
        let found = fields.iter().find(|(field, _)| field == name);
        found.map(|(_, value)| value)
    }

    /// The items of a list; none for everything else.
    pub fn items(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }

    /// The value as text without blanks or names of types: `SeqNumber(7)` is `7`.
    pub fn plain(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::List(items) => {
                let items: Vec<String> = items.iter().map(Self::plain).collect();
                items.join(",")
            }
            Self::Struct(_, fields) => {
                let fields: Vec<String> = fields.iter().map(|(_, value)| value.plain()).collect();
                fields.join(",")
            }
        }
    }
}

fn value(rest: &mut &str) -> Value {
    if let Some(items) = rest.strip_prefix('[') {
        *rest = items;
        return Value::List(list(rest, ']'));
    }
    let end = rest
        .find([',', '}', ']', ')', '{', '('])
        .unwrap_or(rest.len());
    let (name, after) = rest.split_at(end);
    let name = name.trim();
    *rest = after;
    if let Some(fields) = rest.strip_prefix('{') {
        *rest = fields.trim_start();
        let mut found = Vec::new();
        while let Some((field, after)) = rest.split_once(':') {
            *rest = after.trim_start();
            found.push((field.trim().to_owned(), value(rest)));
            if !separator(rest, '}') {
                break;
            }
        }
        return Value::Struct(name.to_owned(), found);
    }
    match rest.strip_prefix('(') {
        Some(items) => {
            *rest = items;
            Value::List(list(rest, ')'))
        }
        None => Value::Text(name.to_owned()),
    }
}

fn list(rest: &mut &str, close: char) -> Vec<Value> {
    let mut items = Vec::new();
    if let Some(after) = rest.strip_prefix(close) {
        *rest = after;
        return items;
    }
    loop {
        items.push(value(rest));
        if !separator(rest, close) {
            return items;
        }
    }
}

/// Passes a comma, after which there is more, or the closing mark.
fn separator(rest: &mut &str, close: char) -> bool {
    let text = rest.trim_start();
    if let Some(after) = text.strip_prefix(',') {
        *rest = after.trim_start();
        return true;
    }
    *rest = text.strip_prefix(close).unwrap_or(text);
    false
}

#[cfg(test)]
mod tests;
