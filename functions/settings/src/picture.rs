//! A picture that somebody sent, as a logo: read, cut to what is to be seen, made small and written anew.
//!
//! What is kept is a PNG of Remit's own. Of what came nothing is in it but what the eye sees on white: no words, no
//! profile, no place where it was taken, nothing that stands behind its end.

use std::io::Cursor;
use std::ops::Range;

use png::{BitDepth, ColorType, Compression, Filter, Limits, Transformations};
use remit_billing::brand::LogoFacts;
use remit_billing::canonical::ContentHash;
use remit_runtime::Problem;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use crate::refusal::{LogoRefusal, MAX_PIXELS, MAX_SIDE, MAX_STRETCH};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
const JPEG: &[u8] = &[0xff, 0xd8, 0xff];
/// What reading one takes at most, beside its pixels.
const MEMORY_BYTES_MAX: usize = 40_000_000;
/// Passes over a JPEG; each costs as much as the picture.
const SCANS_MAX: usize = 64;
/// What is kept, in pixels: sharp on paper at the size that it is printed in, and on a screen of two for one.
const KEPT: (u32, u32) = (600, 160);
/// What it weighs at most, as it goes with every mail.
const KEPT_BYTES_MAX: usize = 40_000;
/// What is lighter in all its parts is the ground that a picture stands on.
const GROUND: u8 = 245;
/// Something has to be as dark as this in one part, or nobody sees it on white.
const SEEN: u8 = 200;

/// A logo without its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Drawn {
    pub facts: LogoFacts,
    pub png: Vec<u8>,
}

/// The logo that a picture is. The same picture gives the same logo.
///
/// # Errors
/// [`LogoRefusal`]; 500 where it cannot be written.
pub(crate) fn drawn(bytes: &[u8]) -> Result<Drawn, Problem> {
    let whole = if bytes.starts_with(PNG) {
        read_png(bytes)?
    } else if bytes.starts_with(JPEG) {
        read_jpeg(bytes)?
    } else {
        return Err(LogoRefusal::NeitherPngNorJpeg.into());
    };
    let seen = whole.trimmed()?;
    let mut space = KEPT;
    loop {
        let (width, height) = seen.size_within(space);
        let png = seen.scaled(width, height).written()?;
        if png.len() <= KEPT_BYTES_MAX || width.max(height) < 32 {
            let facts = LogoFacts {
                sha256: ContentHash::of(&png),
                width,
                height,
            };
            return Ok(Drawn { facts, png });
        }
        space = (space.0 * 3 / 4, space.1 * 3 / 4);
    }
}

/// A picture on white, line by line from above.
struct Pixels {
    width: u32,
    height: u32,
    rgb: Vec<[u8; 3]>,
}

fn unreadable<E>(_: E) -> LogoRefusal {
    // What a decoder says of bytes that somebody sent helps nobody who can only send others.
    LogoRefusal::Unreadable
}

/// What a picture says of its size, before anything is read of it.
fn checked(width: u32, height: u32) -> Result<(), LogoRefusal> {
    let pixels = u64::from(width) * u64::from(height);
    if pixels == 0 {
        return Err(LogoRefusal::Unreadable);
    }
    match width.max(height) > MAX_SIDE || pixels > MAX_PIXELS {
        true => Err(LogoRefusal::TooManyPixels { width, height }),
        false => Ok(()),
    }
}

fn read_png(bytes: &[u8]) -> Result<Pixels, LogoRefusal> {
    let limits = Limits {
        bytes: MEMORY_BYTES_MAX,
    };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), limits);
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_transformations(Transformations::normalize_to_color8() | Transformations::ALPHA);
    let header = decoder.read_header_info().map_err(unreadable)?;
    checked(header.width, header.height)?;
    let mut reader = decoder.read_info().map_err(unreadable)?;
    let size = reader.output_buffer_size();
    let mut data = vec![0; size.ok_or(LogoRefusal::Unreadable)?];
    let frame = reader.next_frame(&mut data).map_err(unreadable)?;
    let data = &data[..frame.buffer_size()];
    let rgb = match frame.color_type {
        ColorType::Rgba => on_white(data, |of: [u8; 4]| ([of[0], of[1], of[2]], of[3])),
        ColorType::GrayscaleAlpha => on_white(data, |of: [u8; 2]| ([of[0]; 3], of[1])),
        // Each has an alpha channel by now.
        ColorType::Rgb | ColorType::Grayscale | ColorType::Indexed => {
            return Err(LogoRefusal::Unreadable);
        }
    };
    Pixels::of(frame.width, frame.height, rgb)
}

fn on_white<const N: usize>(data: &[u8], read: impl Fn([u8; N]) -> ([u8; 3], u8)) -> Vec<[u8; 3]> {
    let (pixels, _) = data.as_chunks::<N>();
    let pixels = pixels.iter().map(|of| {
        let (parts, alpha) = read(*of);
        let alpha = u32::from(alpha);
        parts.map(|part| {
            let mixed = (u32::from(part) * alpha + 255 * (255 - alpha) + 127) / 255;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        })
    });
    pixels.collect()
}

fn read_jpeg(bytes: &[u8]) -> Result<Pixels, LogoRefusal> {
    let side = usize::try_from(MAX_SIDE).map_err(unreadable)?;
    let options = DecoderOptions::default()
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX))
        .jpeg_set_max_scans(SCANS_MAX)
        .set_strict_mode(true)
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(unreadable)?;
    let info = decoder.info().ok_or(LogoRefusal::Unreadable)?;
    let (width, height) = (u32::from(info.width), u32::from(info.height));
    checked(width, height)?;
    let size = decoder.output_buffer_size();
    let size = size.filter(|size| *size <= side * side * 3);
    let mut data = vec![0; size.ok_or(LogoRefusal::Unreadable)?];
    decoder.decode_into(&mut data).map_err(unreadable)?;
    if decoder.output_colorspace() != Some(ColorSpace::RGB) {
        return Err(LogoRefusal::Unreadable);
    }
    let (rgb, _) = data.as_chunks::<3>();
    Pixels::of(width, height, rgb.to_vec())
}

impl Pixels {
    fn of(width: u32, height: u32, rgb: Vec<[u8; 3]>) -> Result<Self, LogoRefusal> {
        let wanted = u64::from(width) * u64::from(height);
        match u64::try_from(rgb.len()) == Ok(wanted) {
            true => Ok(Self { width, height, rgb }),
            false => Err(LogoRefusal::Unreadable),
        }
    }

    fn rows(&self) -> impl Iterator<Item = &[[u8; 3]]> {
        self.rgb.chunks_exact(side(self.width))
    }

    /// Without the ground around it.
    fn trimmed(self) -> Result<Self, LogoRefusal> {
        let lightest = |of: &[u8; 3]| of.iter().copied().min().unwrap_or(u8::MAX);
        if !self.rgb.iter().any(|of| lightest(of) <= SEEN) {
            return Err(LogoRefusal::Blank);
        }
        let is_drawn = |of: &[u8; 3]| lightest(of) < GROUND;
        let rows = extent(self.rows().map(|row| row.iter().any(is_drawn)));
        let mut columns = vec![false; side(self.width)];
        for row in self.rows() {
            for (seen, of) in columns.iter_mut().zip(row) {
                *seen |= is_drawn(of);
            }
        }
        let columns = extent(columns.into_iter());
        let kept = self.rows().skip(rows.start).take(rows.len());
        let rgb: Vec<[u8; 3]> = kept
            .flat_map(|row| &row[columns.clone()])
            .copied()
            .collect();
        let length = |range: &Range<usize>| u32::try_from(range.len()).map_err(unreadable);
        let (width, height) = (length(&columns)?, length(&rows)?);
        if width.max(height) > MAX_STRETCH * width.min(height) {
            return Err(LogoRefusal::TooLong { width, height });
        }
        Self::of(width, height, rgb)
    }

    /// Its size in a space, never larger than it is.
    fn size_within(&self, space: (u32, u32)) -> (u32, u32) {
        if self.width <= space.0 && self.height <= space.1 {
            return (self.width, self.height);
        }
        let facts = LogoFacts {
            sha256: ContentHash::of(b""),
            width: self.width,
            height: self.height,
        };
        facts.within(space.0, space.1)
    }

    /// Made smaller: each pixel is the mean of those that it stands for.
    fn scaled(&self, width: u32, height: u32) -> Self {
        let (from, to) = (side(self.width), side(width));
        let part = |at: usize, of: usize, whole: usize| {
            let start = at * whole / of;
            start..((at + 1) * whole).div_ceil(of).max(start + 1)
        };
        let mut rgb = Vec::with_capacity(to * side(height));
        for y in 0..side(height) {
            let rows = part(y, side(height), side(self.height));
            for x in 0..to {
                let columns = part(x, to, from);
                let mut sums = [0_u64; 3];
                let mut count = 0_u64;
                for row in self.rows().skip(rows.start).take(rows.len()) {
                    for of in &row[columns.clone()] {
                        count += 1;
                        for (sum, part) in sums.iter_mut().zip(of) {
                            *sum += u64::from(*part);
                        }
                    }
                }
                let mean = |sum: u64| (sum + count / 2).checked_div(count).unwrap_or(255);
                rgb.push(sums.map(|sum| u8::try_from(mean(sum)).unwrap_or(u8::MAX)));
            }
        }
        Self { width, height, rgb }
    }

    fn written(&self) -> Result<Vec<u8>, Problem> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, self.width, self.height);
        encoder.set_color(ColorType::Rgb);
        encoder.set_depth(BitDepth::Eight);
        encoder.set_compression(Compression::High);
        encoder.set_filter(Filter::Adaptive);
        let mut writer = encoder.write_header().map_err(Problem::internal)?;
        let written = writer.write_image_data(self.rgb.as_flattened());
        written.map_err(Problem::internal)?;
        writer.finish().map_err(Problem::internal)?;
        Ok(bytes)
    }
}

/// From the first to the last that holds.
fn extent(of: impl Iterator<Item = bool>) -> Range<usize> {
    let mut found = of.enumerate().filter_map(|(at, holds)| holds.then_some(at));
    let first = found.next().unwrap_or_default();
    first..found.last().unwrap_or(first) + 1
}

/// A side that was checked fits.
fn side(pixels: u32) -> usize {
    usize::try_from(pixels).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests;
