//! Reads the text of a file again, as a program does that searches it: glyphs by the map from glyphs to
//! characters that each font brings. As much of PDF (ISO 32000-1) as the files here have.

use std::collections::BTreeMap;

use miniz_oxide::inflate::decompress_to_vec_zlib;

/// The text of each sheet: what is drawn at one time is a line.
pub fn sheets(pdf: &[u8]) -> Vec<String> {
    let objects = Objects::of(pdf);
    let mut sheets: Vec<(u32, String)> = Vec::new();
    for (number, object) in &objects.0 {
        if object.dictionary.contains("/Type/Page/") || object.dictionary.ends_with("/Type/Page>>")
        {
            let fonts = objects.fonts(&object.dictionary);
            let content = reference(&object.dictionary, "/Contents ").unwrap();
            let content = objects.0[&content].bytes.clone();
            sheets.push((*number, text(&content, &fonts)));
        }
    }
    sheets.sort_unstable_by_key(|(number, _)| *number);
    sheets.into_iter().map(|(_, text)| text).collect()
}

/// The files in the file, by their names.
pub fn attached(pdf: &[u8]) -> Vec<(String, Vec<u8>)> {
    let objects = Objects::of(pdf);
    let files = objects.0.values();
    let files = files.filter(|object| object.dictionary.contains("/Type/Filespec"));
    files
        .map(|file| {
            let name = file.dictionary.split_once("/F(").unwrap().1;
            let name = name.split_once(')').unwrap().0;
            let bytes = reference(&file.dictionary, "/EF<</F ").unwrap();
            (name.to_owned(), objects.0[&bytes].bytes.clone())
        })
        .collect()
}

struct Object {
    dictionary: String,
    /// Of a stream, unpacked.
    bytes: Vec<u8>,
}

struct Objects(BTreeMap<u32, Object>);

/// Characters by glyph.
type Map = BTreeMap<u16, String>;

impl Objects {
    fn of(pdf: &[u8]) -> Self {
        let mut objects = BTreeMap::new();
        let mut rest = pdf;
        while let Some(at) = find(rest, b" 0 obj\n") {
            let number = rest[..at].iter().rev();
            let digits: Vec<u8> = number.take_while(|b| b.is_ascii_digit()).copied().collect();
            let digits = digits.into_iter().rev().collect();
            let number: u32 = String::from_utf8(digits).unwrap().parse().unwrap();
            rest = &rest[at + 7..];
            let end = find(rest, b"\nendobj").unwrap();
            let stream = find(&rest[..end], b"\nstream\n");
            let dictionary = &rest[..stream.unwrap_or(end)];
            let dictionary = String::from_utf8_lossy(dictionary).replace('\n', "");
            let mut bytes = Vec::new();
            if let Some(stream) = stream {
                let length = number_after(&dictionary, "/Length ").unwrap() as usize;
                let packed = &rest[stream + 8..stream + 8 + length];
                bytes = match dictionary.contains("/FlateDecode") {
                    true => decompress_to_vec_zlib(packed).unwrap(),
                    false => packed.to_vec(),
                };
                rest = &rest[stream + 8 + length..];
            } else {
                rest = &rest[end..];
            }
            objects.insert(number, Object { dictionary, bytes });
        }
        Self(objects)
    }

    /// The fonts of a page, by the names that it uses.
    fn fonts(&self, page: &str) -> BTreeMap<String, Map> {
        let resources = match reference(page, "/Resources ") {
            Some(resources) => self.0[&resources].dictionary.as_str(),
            None => page,
        };
        let fonts = resources.split_once("/Font<<").unwrap().1;
        let fonts = fonts.split_once(">>").unwrap().0;
        let fonts = fonts.split('/').skip(1);
        fonts
            .map(|font| {
                let (name, place) = font.split_once(' ').unwrap();
                let place = place.split_once(' ').unwrap().0.parse().unwrap();
                let font = &self.0[&place].dictionary;
                let map = reference(font, "/ToUnicode ").unwrap();
                (name.to_owned(), map_of(&self.0[&map].bytes))
            })
            .collect()
    }
}

fn map_of(bytes: &[u8]) -> Map {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let mut map = Map::new();
    for part in text.split("beginbfchar").skip(1) {
        for line in part.split("endbfchar").next().unwrap().lines() {
            let mut words = line.split(['<', '>']).filter(|of| !of.trim().is_empty());
            if let (Some(glyph), Some(chars)) = (words.next(), words.next()) {
                let units: Vec<u16> = chars
                    .as_bytes()
                    .chunks(4)
                    .map(|unit| {
                        u16::from_str_radix(std::str::from_utf8(unit).unwrap(), 16).unwrap()
                    })
                    .collect();
                let glyph = u16::from_str_radix(glyph, 16).unwrap();
                map.insert(glyph, String::from_utf16(&units).unwrap());
            }
        }
    }
    map
}

/// What the operators of a page show.
fn text(content: &[u8], fonts: &BTreeMap<String, Map>) -> String {
    let mut shown = String::new();
    let mut font: Option<&Map> = None;
    let mut at = 0;
    while at < content.len() {
        match content[at] {
            b'(' => {
                let (string, end) = literal(&content[at + 1..]);
                show(&mut shown, font, &string);
                at += 1 + end;
            }
            b'<' if content[at + 1] == b'<' => at += 2,
            b'<' => {
                let end = find(&content[at..], b">").unwrap();
                let digits = String::from_utf8(content[at + 1..at + end].to_vec()).unwrap();
                let pairs = digits.as_bytes().chunks(2);
                let string: Vec<u8> = pairs
                    .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
                    .collect();
                show(&mut shown, font, &string);
                at += end + 1;
            }
            b'/' => {
                let name: Vec<u8> = content[at + 1..]
                    .iter()
                    .take_while(|b| b.is_ascii_alphanumeric())
                    .copied()
                    .collect();
                at += 1 + name.len();
                let name = String::from_utf8(name).unwrap();
                font = fonts.get(&name).or(font);
            }
            b'E' if content[at..].starts_with(b"EMC") => {
                shown.push('\n');
                at += 3;
            }
            _ => at += 1,
        }
    }
    shown
}

fn show(shown: &mut String, font: Option<&Map>, string: &[u8]) {
    for glyph in string.chunks(2) {
        let glyph = u16::from_be_bytes([glyph[0], glyph[1]]);
        shown.push_str(&font.unwrap()[&glyph]);
    }
}

/// A string in parentheses, and where it ends.
fn literal(content: &[u8]) -> (Vec<u8>, usize) {
    let mut string = Vec::new();
    let mut depth = 0;
    let mut at = 0;
    loop {
        let byte = content[at];
        at += 1;
        match byte {
            b')' if depth == 0 => return (string, at),
            b')' => {
                depth -= 1;
                string.push(byte);
            }
            b'(' => {
                depth += 1;
                string.push(byte);
            }
            b'\\' => {
                let escaped = content[at];
                at += 1;
                match escaped {
                    b'n' => string.push(b'\n'),
                    b'r' => string.push(b'\r'),
                    b't' => string.push(b'\t'),
                    b'b' => string.push(8),
                    b'f' => string.push(12),
                    b'0'..=b'7' => {
                        let digits = content[at - 1..].iter().take(3);
                        let digits: Vec<u8> = digits
                            .take_while(|b| matches!(b, b'0'..=b'7'))
                            .copied()
                            .collect();
                        at += digits.len() - 1;
                        let digits = String::from_utf8(digits).unwrap();
                        string.push(u8::from_str_radix(&digits, 8).unwrap());
                    }
                    other => string.push(other),
                }
            }
            _ => string.push(byte),
        }
    }
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|of| of == what)
}

fn number_after(dictionary: &str, key: &str) -> Option<u32> {
    let rest = dictionary.split_once(key)?.1;
    let digits = rest.find(|c: char| !c.is_ascii_digit());
    rest[..digits.unwrap_or(rest.len())].parse().ok()
}

fn reference(dictionary: &str, key: &str) -> Option<u32> {
    number_after(dictionary, key)
}
