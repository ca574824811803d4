//! CCM* beside an independent CCM, and against changed octets.

use ccm::aead::{AeadInOut, KeyInit};
use ccm::consts::{U4, U8, U13, U16};
use std::vec::Vec;

use crate::mac::SoftAes;
use crate::mac::ccm::CcmStar;
use crate::prng::Prng;
use crate::radio::{AesKey, Ccm, CryptoError};

/// Random octets.
fn octets(prng: &mut Prng, len: usize) -> Vec<u8> {
    (0..len).map(|_| prng.next_u64() as u8).collect()
}

fn array<const N: usize>(prng: &mut Prng) -> [u8; N] {
    std::array::from_fn(|_| prng.next_u64() as u8)
}

macro_rules! beside {
    ($prng:ident, $mic:ty, $len:expr) => {{
        let (key, nonce) = (AesKey(array($prng)), array::<13>($prng));
        let (auth_len, message_len) = ($prng.index(70), $prng.index(90));
        let auth = octets($prng, auth_len);
        let plain = octets($prng, message_len);
        let cipher = ccm::Ccm::<aes::Aes128, $mic, U13>::new(&key.0.into());
        let mut expected = plain.clone();
        let tag = cipher
            .encrypt_inout_detached(&nonce.into(), &auth, expected.as_mut_slice().into())
            .expect("a short message");
        let (mut message, mut mic) = (plain.clone(), [0; $len]);
        let mut ours = CcmStar(SoftAes::default());
        assert_eq!(
            ours.seal(&key, &nonce, &auth, &mut message, &mut mic),
            Ok(())
        );
        assert_eq!((&message, &mic[..]), (&expected, &tag[..]));
        assert_eq!(ours.open(&key, &nonce, &auth, &mut message, &mic), Ok(()));
        assert_eq!(message, plain);
        // Any changed bit is found, and nothing of the message is shown.
        let total = auth.iter().chain(&expected).chain(&mic).count();
        let (place, bit) = ($prng.index(total), 1 << $prng.index(8));
        let (mut auth, mut message) = (auth, expected);
        let all = auth.iter_mut().chain(&mut message).chain(&mut mic);
        *all.skip(place).next().expect("a place within") ^= bit;
        let found = ours.open(&key, &nonce, &auth, &mut message, &mic);
        assert_eq!(found, Err(CryptoError::Mic));
        assert!(message.iter().all(|&octet| octet == 0));
    }};
}

#[test]
fn codes_of_every_length_are_those_of_an_independent_ccm() {
    let prng = &mut Prng::new(0x154);
    for _ in 0..500 {
        beside!(prng, U4, 4);
        beside!(prng, U8, 8);
        beside!(prng, U16, 16);
    }
}

#[test]
fn a_length_that_there_is_not_is_an_error() {
    let mut ours = CcmStar(SoftAes::default());
    let key = AesKey([0; 16]);
    for len in [1, 2, 3, 5, 6, 10, 15, 17, 32] {
        let mut mic = std::vec![0; len];
        let sealed = ours.seal(&key, &[0; 13], &[], &mut [0; 4], &mut mic);
        assert_eq!(sealed, Err(CryptoError::Length));
        let opened = ours.open(&key, &[0; 13], &[], &mut [0; 4], &mic);
        assert_eq!(opened, Err(CryptoError::Length));
    }
}
