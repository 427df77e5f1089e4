//! What every page shares: head, style, security policy, the agency's name and contact.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::RenderError;
use crate::agency::{Accent, Agency, AgencyLogo};

const STYLE: &str = include_str!("style.css");

/// The largest space of a logo, in pixels of CSS.
const LOGO_SPACE: (u32, u32) = (240, 40);

/// The frame of one page.
pub(crate) struct Frame {
    pub name: Option<String>,
    pub logo: Option<LogoView>,
    pub mark: String,
    pub icon: String,
    pub style: String,
    pub email: Option<String>,
}

/// A logo as a page has it.
pub(crate) struct LogoView {
    pub src: String,
    pub width: u32,
    pub height: u32,
    /// The name stands beside it, and not in it.
    pub is_sign: bool,
}

impl LogoView {
    pub fn of(logo: &AgencyLogo, src: String, space: (u32, u32)) -> Self {
        let (width, height) = logo.facts.within(space.0, space.1);
        Self {
            src,
            width,
            height,
            is_sign: logo.facts.is_sign(),
        }
    }
}

impl Frame {
    pub fn of(agency: Option<&Agency>) -> Self {
        let accent = agency.map(|a| a.accent).unwrap_or_default();
        let mark = agency.map_or_else(String::new, |a| initial(&a.name));
        Self {
            name: agency.map(|a| a.name.clone()),
            logo: agency
                .and_then(|a| a.logo.as_ref())
                .map(|logo| LogoView::of(logo, logo.path(), LOGO_SPACE)),
            icon: icon(&mark, &accent),
            mark,
            style: style(&accent),
            email: agency.and_then(|a| a.party.email.clone()),
        }
    }

    /// The policy of a page in this frame, whose forms may lead to the origins.
    ///
    /// Browsers hold a form's redirect to `form-action` too, so that the provider's checkout has
    /// to be named beside the page's own origin.
    pub fn content_security_policy(&self, origins: &[String]) -> Result<String, RenderError> {
        let hash = STANDARD.encode(Sha256::digest(self.style.as_bytes()));
        // The logo is the one picture that does not stand in the page.
        let pictures = match self.logo {
            Some(_) => "data: 'self'",
            None => "data:",
        };
        let mut policy = format!(
            "default-src 'none'; style-src 'sha256-{hash}'; img-src {pictures}; base-uri 'none'; \
             frame-ancestors 'none'; form-action 'self'"
        );
        for origin in origins {
            if !is_origin(origin) {
                return Err(RenderError::BadOrigin(origin.clone()));
            }
            policy.push(' ');
            policy.push_str(origin);
        }
        Ok(policy)
    }
}

/// Scheme, host and perhaps port, nothing that could end the directive.
fn is_origin(text: &str) -> bool {
    let Some((scheme, host)) = text.split_once("://") else {
        return false;
    };
    matches!(scheme, "https" | "http")
        && !host.is_empty()
        && host
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':' | b'*'))
}

/// The letter that stands for a name.
pub(crate) fn initial(name: &str) -> String {
    name.chars()
        .find(|c| c.is_alphanumeric())
        .map_or_else(String::new, |c| c.to_uppercase().collect())
}

/// The page's icon: the agency's letter on its colour.
fn icon(mark: &str, accent: &Accent) -> String {
    let svg = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'><rect width='32' height='32' \
         rx='8' fill='{}'/><text x='16' y='22.5' font-family='system-ui,sans-serif' font-size='18' \
         font-weight='600' text-anchor='middle' fill='#fff'>{mark}</text></svg>",
        accent.on_light()
    );
    let mut uri = String::from("data:image/svg+xml,");
    for byte in svg.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:/=,".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            // Writing into a string cannot fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

/// The colours of light and dark, then the style sheet.
fn style(accent: &Accent) -> String {
    let light = accent.on_light();
    let dark = accent.on_dark();
    format!(
        "\n:root{{color-scheme:light dark;--ground:#f5f4f1;--paper:#fff;--ink:#1b1b19;\
         --muted:#5f5d57;--rule:#e6e3dd;--soft:#f3f1ed;--late:#9c2c17;--late-tint:#fcece7;\
         --good:#17633f;--good-tint:#e5f3eb;--wait:#744c00;--wait-tint:#fbf0d9;\
         --accent:{light};--on-accent:#fff}}\n\
         @media screen and (prefers-color-scheme:dark){{:root{{--ground:#131312;--paper:#1d1d1b;\
         --ink:#f0eeea;--muted:#aaa79f;--rule:#34332f;--soft:#282825;--late:#ffa793;\
         --late-tint:#43211a;--good:#86d6a9;--good-tint:#17352a;--wait:#efc66e;\
         --wait-tint:#3a2d10;--accent:{dark};--on-accent:#10100f}}}}\n{STYLE}"
    )
}
