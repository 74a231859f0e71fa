//! A message in its frame: one byte that says whether it is compressed, four of its length, itself.

use bytes::{BufMut, Bytes, BytesMut};

pub(crate) const HEAD: usize = 5;

pub(crate) fn framed(message: &[u8]) -> Result<Bytes, String> {
    let length = u32::try_from(message.len()).map_err(|_| "a message of more than 4 GB".to_owned())?;
    let mut frame = BytesMut::with_capacity(HEAD + message.len());
    frame.put_u8(0);
    frame.put_u32(length);
    frame.put_slice(message);
    Ok(frame.freeze())
}

/// The one message of a body; `None`: there is none.
pub(crate) fn unframed(body: &Bytes) -> Result<Option<Bytes>, String> {
    if body.is_empty() {
        return Ok(None);
    }
    let (Some(compressed), Some(length)) = (body.first(), body.get(1..HEAD)) else {
        return Err("a frame that ends in its head".to_owned());
    };
    if *compressed != 0 {
        return Err("a compressed message, which was not asked for".to_owned());
    }
    let length = length.iter().fold(0_usize, |length, byte| length << 8 | usize::from(*byte));
    if body.len() != HEAD + length {
        return Err(format!("{} bytes instead of one message of {length}", body.len() - HEAD));
    }
    Ok(Some(body.slice(HEAD..)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_holds_one_message() {
        let frame = framed(b"abc").unwrap_or_default();
        assert_eq!(&frame[..], [0, 0, 0, 0, 3, b'a', b'b', b'c']);
        assert_eq!(unframed(&frame), Ok(Some(Bytes::from_static(b"abc"))));
        assert_eq!(unframed(&Bytes::new()), Ok(None));
        assert_eq!(unframed(&framed(b"").unwrap_or_default()), Ok(Some(Bytes::new())));
    }

    #[test]
    fn what_is_no_frame_is_said() {
        for bytes in [&b"\0\0"[..], b"\x01\0\0\0\0", b"\0\0\0\0\x05abc", b"\0\0\0\0\x01abc", b"\0\xff\xff\xff\xff"] {
            assert!(unframed(&Bytes::copy_from_slice(bytes)).is_err(), "{bytes:?}");
        }
    }
}
