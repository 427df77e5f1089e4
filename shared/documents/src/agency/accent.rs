//! The agency's colour, kept readable on light and dark ground.
//!
//! Contrast is that of WCAG 2.2 (1.4.3): at least 4.5 to 1 against every ground that the colour stands on, for text,
//! and for the button's words on it. A colour that is too light or too dark is moved towards black or white until
//! it holds. Reckoned in integers, so that the same colour always gives the same style and hash.

use std::str::FromStr;

use remit_billing::brand::Colour;
use remit_billing::fault::Fault;

/// A colour in sRGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Rgb([u8; 3]);

const WHITE: Rgb = Rgb([255, 255, 255]);
const BLACK: Rgb = Rgb([0, 0, 0]);
/// What the accent stands on in the light, and the words on it: paper, what is around it, and panels.
const LIGHT: [Rgb; 3] = [WHITE, Rgb([0xf5, 0xf4, 0xf1]), Rgb([0xf3, 0xf1, 0xed])];
/// The paper in the dark.
const DARK_PAPER: Rgb = Rgb([0x1d, 0x1d, 0x1b]);
/// The words of a button in the dark.
const DARK_WORDS: Rgb = Rgb([0x10, 0x10, 0x0f]);
/// The same in the dark.
const DARK: [Rgb; 4] = [
    DARK_PAPER,
    Rgb([0x13, 0x13, 0x12]),
    Rgb([0x28, 0x28, 0x25]),
    DARK_WORDS,
];
/// Contrast wanted, times 100.
const CONTRAST_HUNDREDTHS: u64 = 450;
/// In the dark, a colour without colour would become the grey of a button that is switched off:
/// it goes on to where ink is.
const GREY_CONTRAST_HUNDREDTHS: u64 = 1_150;
/// Between the parts of a colour that counts as grey.
const GREY_SPREAD_MAX: u8 = 40;

/// An agency's colour in the two forms that pages and mails need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accent {
    on_light: Rgb,
    on_dark: Rgb,
}

impl Accent {
    /// That of an agency's colour.
    pub fn of(colour: Colour) -> Self {
        let colour = Rgb(colour.parts());
        Self {
            on_light: colour.moved(BLACK, &LIGHT, CONTRAST_HUNDREDTHS),
            on_dark: match colour.is_grey() {
                true => colour.moved(WHITE, &[DARK_PAPER], GREY_CONTRAST_HUNDREDTHS),
                false => colour.moved(WHITE, &DARK, CONTRAST_HUNDREDTHS),
            },
        }
    }

    /// The form for light ground, as `#rrggbb`. White words on it are readable too.
    pub fn on_light(&self) -> String {
        self.on_light.hex()
    }

    /// The form for paper, which is white: red, green and blue.
    pub fn on_paper(&self) -> [u8; 3] {
        self.on_light.0
    }

    /// The form for dark ground, as `#rrggbb`. Black words on it are readable too.
    pub fn on_dark(&self) -> String {
        self.on_dark.hex()
    }
}

/// Ink: calm, and right for every name.
impl Default for Accent {
    fn default() -> Self {
        Self::of(Colour::of([0x24, 0x2a, 0x33]))
    }
}

impl FromStr for Accent {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Colour::parse(text).map(Self::of)
    }
}

impl Rgb {
    fn hex(self) -> String {
        Colour::of(self.0).to_string()
    }

    /// Relative luminance of WCAG, in millionths.
    fn luminance(self) -> u64 {
        let [red, green, blue] = self.0.map(|part| u64::from(LINEAR[usize::from(part)]));
        (2_126 * red + 7_152 * green + 722 * blue) / 10_000
    }

    fn contrast_hundredths(self, other: Rgb) -> u64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 50_000) * 100 / (a.min(b) + 50_000)
    }

    fn is_grey(self) -> bool {
        let [red, green, blue] = self.0;
        red.max(green).max(blue) - red.min(green).min(blue) <= GREY_SPREAD_MAX
    }

    /// This colour, moved towards another as little as contrast with all the grounds needs.
    fn moved(self, towards: Rgb, grounds: &[Rgb], wanted_hundredths: u64) -> Rgb {
        let holds = |colour: &Rgb| {
            let mut grounds = grounds.iter();
            grounds.all(|ground| colour.contrast_hundredths(*ground) >= wanted_hundredths)
        };
        let mut steps = (0..=32).map(|step| self.mixed(towards, step));
        steps.find(holds).unwrap_or(towards)
    }

    fn mixed(self, other: Rgb, thirty_seconds: u32) -> Rgb {
        let mut parts = self.0;
        for (part, end) in parts.iter_mut().zip(other.0) {
            let mixed =
                (u32::from(*part) * (32 - thirty_seconds) + u32::from(end) * thirty_seconds) / 32;
            *part = u8::try_from(mixed).unwrap_or(end);
        }
        Rgb(parts)
    }
}

/// Linear light of each sRGB value, in millionths: WCAG's formula, tabled.
#[rustfmt::skip]
const LINEAR: [u32; 256] = [
    0, 304, 607, 911, 1_214, 1_518, 1_821, 2_125, 2_428, 2_732, 3_035, 3_347,
    3_677, 4_025, 4_391, 4_777, 5_182, 5_605, 6_049, 6_512, 6_995, 7_499, 8_023, 8_568,
    9_134, 9_721, 10_330, 10_960, 11_612, 12_286, 12_983, 13_702, 14_444, 15_209, 15_996, 16_807,
    17_642, 18_500, 19_382, 20_289, 21_219, 22_174, 23_153, 24_158, 25_187, 26_241, 27_321, 28_426,
    29_557, 30_713, 31_896, 33_105, 34_340, 35_601, 36_889, 38_204, 39_546, 40_915, 42_311, 43_735,
    45_186, 46_665, 48_172, 49_707, 51_269, 52_861, 54_480, 56_128, 57_805, 59_511, 61_246, 63_010,
    64_803, 66_626, 68_478, 70_360, 72_272, 74_214, 76_185, 78_187, 80_220, 82_283, 84_376, 86_500,
    88_656, 90_842, 93_059, 95_307, 97_587, 99_899, 102_242, 104_616, 107_023, 109_462, 111_932, 114_435,
    116_971, 119_538, 122_139, 124_772, 127_438, 130_136, 132_868, 135_633, 138_432, 141_263, 144_128, 147_027,
    149_960, 152_926, 155_926, 158_961, 162_029, 165_132, 168_269, 171_441, 174_647, 177_888, 181_164, 184_475,
    187_821, 191_202, 194_618, 198_069, 201_556, 205_079, 208_637, 212_231, 215_861, 219_526, 223_228, 226_966,
    230_740, 234_551, 238_398, 242_281, 246_201, 250_158, 254_152, 258_183, 262_251, 266_356, 270_498, 274_677,
    278_894, 283_149, 287_441, 291_771, 296_138, 300_544, 304_987, 309_469, 313_989, 318_547, 323_143, 327_778,
    332_452, 337_164, 341_914, 346_704, 351_533, 356_400, 361_307, 366_253, 371_238, 376_262, 381_326, 386_429,
    391_572, 396_755, 401_978, 407_240, 412_543, 417_885, 423_268, 428_690, 434_154, 439_657, 445_201, 450_786,
    456_411, 462_077, 467_784, 473_531, 479_320, 485_150, 491_021, 496_933, 502_886, 508_881, 514_918, 520_996,
    527_115, 533_276, 539_479, 545_724, 552_011, 558_340, 564_712, 571_125, 577_580, 584_078, 590_619, 597_202,
    603_827, 610_496, 617_207, 623_960, 630_757, 637_597, 644_480, 651_406, 658_375, 665_387, 672_443, 679_542,
    686_685, 693_872, 701_102, 708_376, 715_694, 723_055, 730_461, 737_910, 745_404, 752_942, 760_525, 768_151,
    775_822, 783_538, 791_298, 799_103, 806_952, 814_847, 822_786, 830_770, 838_799, 846_873, 854_993, 863_157,
    871_367, 879_622, 887_923, 896_269, 904_661, 913_099, 921_582, 930_111, 938_686, 947_307, 955_973, 964_686,
    973_445, 982_251, 991_102, 1_000_000,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_colour_ends_readable() {
        let parts = || (0..=255_u8).step_by(17);
        let grid = parts().flat_map(|red| {
            parts().flat_map(move |green| parts().map(move |blue| [red, green, blue]))
        });
        let greys = (0..=255).map(|part| [part; 3]);
        // Loud ones, and those that a grid misses.
        let others = (0..60_000_u32).map(|n| {
            let [_, red, green, blue] = n.wrapping_mul(2_654_435_761).to_be_bytes();
            [red, green, blue]
        });
        let mut looked_at = 0;
        for colour in grid.chain(greys).chain(others) {
            let accent = Accent::of(Colour::of(colour));
            for ground in LIGHT {
                let contrast = accent.on_light.contrast_hundredths(ground);
                assert!(contrast >= 450, "{colour:?} on {ground:?}: {contrast}");
            }
            for ground in DARK {
                let contrast = accent.on_dark.contrast_hundredths(ground);
                assert!(contrast >= 450, "{colour:?} on {ground:?}: {contrast}");
            }
            looked_at += 1;
        }
        assert_eq!(looked_at, 4_096 + 256 + 60_000);
    }

    #[test]
    fn the_grounds_are_those_of_pages_and_mails() {
        let page = crate::page::frame::Frame::of(None).style;
        let mail = include_str!("../mail/frame.html");
        let panel = include_str!("../mail/parts.html");
        for ground in LIGHT.into_iter().skip(1).chain(DARK) {
            assert!(page.contains(&ground.hex()), "{ground:?}");
            let in_mail = mail.contains(&ground.hex()) || panel.contains(&ground.hex());
            assert!(in_mail, "{ground:?}");
        }
    }

    #[test]
    fn a_readable_colour_stays_as_it_is() {
        let accent: Accent = "#1f6f5c".parse().unwrap();
        assert_eq!(accent.on_light(), "#1f6f5c");
    }

    #[test]
    fn grey_does_not_look_switched_off_in_the_dark() {
        for accent in [Accent::default(), "#808080".parse().unwrap()] {
            assert!(accent.on_dark.contrast_hundredths(DARK_PAPER) >= 1_100);
        }
    }

    #[test]
    fn contrast_is_that_of_wcag() {
        assert_eq!(WHITE.contrast_hundredths(BLACK), 2_100);
    }
}
