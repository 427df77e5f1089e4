use std::io::Cursor;

use super::*;

const WORDMARK: &[u8] = include_bytes!("../../fixtures/wordmark.png");
const SIGN: &[u8] = include_bytes!("../../fixtures/sign.jpg");

fn code(bytes: &[u8]) -> &'static str {
    drawn(bytes).unwrap_err().code()
}

/// A PNG of one colour, with alpha.
fn png_of(width: u32, height: u32, rgba: [u8; 4]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(ColorType::Rgba);
    encoder.set_depth(BitDepth::Eight);
    let mut writer = encoder.write_header().unwrap();
    let pixels = usize::try_from(width * height).unwrap();
    writer.write_image_data(&rgba.repeat(pixels)).unwrap();
    writer.finish().unwrap();
    bytes
}

/// What a PNG of ours shows.
fn shown(bytes: &[u8]) -> (u32, u32, Vec<u8>) {
    let mut reader = png::Decoder::new(Cursor::new(bytes)).read_info().unwrap();
    assert_eq!(
        reader.output_color_type(),
        (ColorType::Rgb, BitDepth::Eight)
    );
    let mut data = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut data).unwrap();
    (frame.width, frame.height, data)
}

#[test]
fn a_logo_is_cut_made_small_and_stands_on_white() {
    let logo = drawn(WORDMARK).unwrap();
    // It has margins of 60 and 90 pixels.
    assert_eq!((logo.facts.width, logo.facts.height), (575, 121));
    assert!(logo.png.len() <= KEPT_BYTES_MAX, "{}", logo.png.len());
    let (width, height, data) = shown(&logo.png);
    assert_eq!((width, height), (logo.facts.width, logo.facts.height));
    // The corner was transparent, and the mark is blue.
    assert_eq!(data[..3], [255, 255, 255]);
    assert!(data.chunks(3).any(|of| of == [29, 78, 216]));
    assert_eq!(logo, drawn(WORDMARK).unwrap());
    assert_eq!(logo.facts.sha256, ContentHash::of(&logo.png));
}

#[test]
fn a_photograph_of_a_sign_is_one() {
    let logo = drawn(SIGN).unwrap();
    assert!(logo.facts.is_sign(), "{:?}", logo.facts);
    assert!(logo.facts.height <= KEPT.1);
    let (_, _, data) = shown(&logo.png);
    let is_red = |of: &[u8]| of[0] > 180 && of[1] < 70 && of[2] < 70;
    assert!(data.chunks(3).any(is_red));
    // Nothing of what it said of itself is left.
    assert!(SIGN.windows(4).any(|of| of == b"Exif"));
    assert!(!logo.png.windows(4).any(|of| of == b"Exif"));
}

#[test]
fn every_depth_and_kind_of_png_is_read() {
    for (colour, depth, line) in [
        (ColorType::Grayscale, BitDepth::One, vec![0x00; 4]),
        (ColorType::Grayscale, BitDepth::Eight, vec![10; 32]),
        (ColorType::Grayscale, BitDepth::Sixteen, vec![10; 64]),
        (ColorType::GrayscaleAlpha, BitDepth::Eight, vec![100; 64]),
        (ColorType::Rgb, BitDepth::Sixteen, vec![30; 192]),
        (ColorType::Rgba, BitDepth::Eight, vec![90; 128]),
        (ColorType::Indexed, BitDepth::Four, vec![0x11; 16]),
    ] {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, 32, 8);
        encoder.set_color(colour);
        encoder.set_depth(depth);
        if colour == ColorType::Indexed {
            encoder.set_palette(vec![255, 255, 255, 200, 0, 0]);
        }
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&line.repeat(8)).unwrap();
        writer.finish().unwrap();
        let logo = drawn(&bytes).unwrap();
        let size = (logo.facts.width, logo.facts.height);
        assert_eq!(size, (32, 8), "{colour:?} {depth:?}");
    }
}

#[test]
fn what_is_no_png_and_no_jpeg_is_refused() {
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    let gif = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x00";
    let webp = b"RIFF\x24\x00\x00\x00WEBPVP8 ";
    for other in [
        &svg[..],
        gif,
        webp,
        b"%PDF-1.7",
        b"\x89PNG",
        b"\xff\xd8",
        b"",
    ] {
        assert_eq!(code(other), "logo_not_png_or_jpeg", "{other:?}");
    }
    // What begins as one and goes on as something else.
    let disguised = [PNG, svg].concat();
    assert_eq!(code(&disguised), "logo_unreadable");
    assert_eq!(code(&[JPEG, svg].concat()), "logo_unreadable");
}

#[test]
fn a_picture_that_unpacks_to_more_than_is_read_is_refused_before_it_is() {
    let small = png_of(8, 8, [0, 0, 0, 255]);
    // The header's own word, with its checksum anew: 30,000 by 30,000 pixels would be 3.6 GB.
    for (width, height) in [(30_000_u32, 30_000_u32), (4_001, 1), (2_001, 2_000)] {
        let mut bomb = small.clone();
        bomb[16..20].copy_from_slice(&width.to_be_bytes());
        bomb[20..24].copy_from_slice(&height.to_be_bytes());
        let sum = checksum(&bomb[12..29]);
        bomb[29..33].copy_from_slice(&sum.to_be_bytes());
        assert_eq!(code(&bomb), "logo_too_many_pixels", "{width} by {height}");
    }
    let mut none = small;
    none[16..20].copy_from_slice(&[0; 4]);
    let sum = checksum(&none[12..29]);
    none[29..33].copy_from_slice(&sum.to_be_bytes());
    assert_eq!(code(&none), "logo_unreadable");
    // The same of a JPEG: its frame header says height and width.
    let at = SIGN.windows(2).position(|of| of == [0xff, 0xc2]).unwrap();
    let mut bomb = SIGN.to_vec();
    bomb[at + 5..at + 9].copy_from_slice(&[0xff; 4]);
    assert_eq!(code(&bomb), "logo_too_many_pixels");
}

/// CRC-32 as PNG has it (its specification, annex D).
fn checksum(bytes: &[u8]) -> u32 {
    let all = bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| match sum & 1 {
            1 => (sum >> 1) ^ 0xedb8_8320,
            _ => sum >> 1,
        })
    });
    !all
}

#[test]
fn what_is_cut_off_is_refused() {
    for length in (PNG.len()..WORDMARK.len() * 9 / 10).step_by(7) {
        assert_eq!(code(&WORDMARK[..length]), "logo_unreadable", "{length}");
    }
    for length in (JPEG.len()..SIGN.len() / 2).step_by(7) {
        assert_eq!(code(&SIGN[..length]), "logo_unreadable", "{length}");
    }
}

/// Bytes that were changed are read or refused, and nothing else happens.
#[test]
fn spoiled_pictures_do_no_harm() {
    let mut seed = 1_u64;
    let mut next = |below: usize| {
        // The minimal standard of Park and Miller: any sequence will do.
        seed = seed * 48_271 % 2_147_483_647;
        usize::try_from(seed).unwrap() % below
    };
    let known = [
        "logo_unreadable",
        "logo_too_many_pixels",
        "logo_too_long",
        "logo_blank",
        "logo_not_png_or_jpeg",
    ];
    let mut refused = 0;
    for original in [WORDMARK, SIGN] {
        for _ in 0..50 {
            let mut bytes = original.to_vec();
            for _ in 0..=next(6) {
                let at = next(bytes.len());
                bytes[at] = u8::try_from(next(256)).unwrap();
            }
            match drawn(&bytes) {
                Ok(logo) => assert!(logo.png.len() <= KEPT_BYTES_MAX),
                Err(problem) => {
                    assert!(known.contains(&problem.code()), "{}", problem.code());
                    refused += 1;
                }
            }
        }
    }
    assert!(refused > 20, "{refused}");
}

#[test]
fn a_logo_has_to_be_seen_and_to_be_read() {
    // White on nothing, and all but white.
    assert_eq!(code(&png_of(80, 20, [255, 255, 255, 255])), "logo_blank");
    assert_eq!(code(&png_of(80, 20, [0, 0, 0, 0])), "logo_blank");
    assert_eq!(code(&png_of(80, 20, [0, 0, 0, 20])), "logo_blank");
    assert_eq!(code(&png_of(320, 20, [0, 0, 0, 255])), "logo_too_long");
    assert!(drawn(&png_of(300, 20, [0, 0, 0, 255])).is_ok());
    // A yellow one is seen.
    assert!(drawn(&png_of(80, 20, [255, 238, 0, 255])).is_ok());
}

#[test]
fn what_does_not_pack_well_becomes_smaller() {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 1_200, 320);
    encoder.set_color(ColorType::Rgb);
    encoder.set_depth(BitDepth::Eight);
    let mut writer = encoder.write_header().unwrap();
    let mut seed = 7_u32;
    let noise = std::iter::repeat_with(|| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        seed.to_be_bytes()[0]
    });
    let noise: Vec<u8> = noise.take(1_200 * 320 * 3).collect();
    writer.write_image_data(&noise).unwrap();
    writer.finish().unwrap();
    let logo = drawn(&bytes).unwrap();
    assert!(logo.png.len() <= KEPT_BYTES_MAX, "{}", logo.png.len());
    assert!(logo.facts.width < KEPT.0, "{:?}", logo.facts);
}
