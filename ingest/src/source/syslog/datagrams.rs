//! Receiving many datagrams with one call (`recvmmsg`), each with its sender and the kernel's count of losses.
//!
//! All of this crate's unsafe socket code stands here.

use std::{
    io, mem,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    os::fd::{AsRawFd, RawFd},
    ptr,
};

use socket2::{SockRef, Socket};

/// Datagrams per call.
const AT_ONCE: usize = 64;
/// Largest UDP payload.
const MAX_DATAGRAM: usize = 65_535;
/// Room for the control message that holds the count of losses.
const CONTROL_BYTES: usize = 64;
/// Index of the count of losses in what `SO_MEMINFO` gives (linux/sock_diag.h, `SK_MEMINFO_DROPS`), and its length.
const MEMINFO_DROPS: usize = 8;
const MEMINFO_VARS: usize = 9;

/// One datagram, borrowed from the buffers that it was received into.
pub(super) struct Datagram<'d> {
    pub bytes: &'d [u8],
    pub peer: IpAddr,
    /// How many datagrams this socket had lost when this one was queued; absent while there are none.
    pub losses: Option<u32>,
}

/// Control data must be aligned as its header is.
#[derive(Clone, Copy)]
#[repr(C, align(8))]
struct Control([u8; CONTROL_BYTES]);

/// Buffers for one call.
pub(super) struct Datagrams {
    /// Bytes of one datagram's buffer.
    stride: usize,
    bytes: Vec<u8>,
    names: Vec<libc::sockaddr_storage>,
    controls: Vec<Control>,
    vectors: Vec<libc::iovec>,
    headers: Vec<libc::mmsghdr>,
}

// SAFETY: the raw pointers in `vectors` and `headers` are set anew by each `receive` and not followed outside of it,
// but for `controls`, which this value owns. A shared reference only reads.
unsafe impl Send for Datagrams {}
unsafe impl Sync for Datagrams {}

impl Datagrams {
    /// Buffers for messages of at most `max_line` bytes; one more and a line end show that a longer one was cut.
    pub fn new(max_line: usize) -> Self {
        let stride = (max_line.saturating_add(3)).min(MAX_DATAGRAM);
        // SAFETY: all-zero is a valid value of these plain C structures.
        let (name, vector, header) = unsafe { (mem::zeroed(), mem::zeroed(), mem::zeroed()) };
        Datagrams {
            stride,
            bytes: vec![0; stride * AT_ONCE],
            names: vec![name; AT_ONCE],
            controls: vec![Control([0; CONTROL_BYTES]); AT_ONCE],
            vectors: vec![vector; AT_ONCE],
            headers: vec![header; AT_ONCE],
        }
    }

    /// Receives what is there, without waiting; gives how many.
    pub fn receive(&mut self, socket: RawFd) -> io::Result<usize> {
        let buffers = self.bytes.chunks_exact_mut(self.stride);
        for (index, buffer) in buffers.enumerate() {
            self.vectors[index] = libc::iovec { iov_base: buffer.as_mut_ptr().cast(), iov_len: buffer.len() };
            let header = &mut self.headers[index].msg_hdr;
            header.msg_name = ptr::from_mut(&mut self.names[index]).cast();
            header.msg_namelen = size_of::<libc::sockaddr_storage>() as libc::socklen_t;
            header.msg_iov = &raw mut self.vectors[index];
            header.msg_iovlen = 1;
            header.msg_control = self.controls[index].0.as_mut_ptr().cast();
            header.msg_controllen = CONTROL_BYTES as _;
        }
        // SAFETY: all pointers were just set to buffers of the given lengths, which live in `self`.
        let count = unsafe {
            let headers = self.headers.as_mut_ptr();
            libc::recvmmsg(socket, headers, AT_ONCE as u32, libc::MSG_DONTWAIT as _, ptr::null_mut())
        };
        usize::try_from(count).map_err(|_| io::Error::last_os_error())
    }

    /// A datagram of the last call.
    pub fn get(&self, index: usize) -> Datagram<'_> {
        let header = &self.headers[index];
        let start = index * self.stride;
        let bytes = &self.bytes[start..start + (header.msg_len as usize).min(self.stride)];
        Datagram { bytes, peer: address(&self.names[index]), losses: self.losses(&header.msg_hdr) }
    }

    /// The count of losses among a datagram's control messages.
    fn losses(&self, header: &libc::msghdr) -> Option<u32> {
        // SAFETY: the kernel filled `msg_control`, which points into `self.controls`; the macros stay within it.
        unsafe {
            let mut message = libc::CMSG_FIRSTHDR(header);
            while !message.is_null() {
                if ((*message).cmsg_level, (*message).cmsg_type) == (libc::SOL_SOCKET, libc::SO_RXQ_OVFL) {
                    return Some(ptr::read_unaligned(libc::CMSG_DATA(message).cast()));
                }
                message = libc::CMSG_NXTHDR(header, message);
            }
        }
        None
    }
}

/// The sender's address; IPv4 that came over an IPv6 socket is IPv4.
fn address(name: &libc::sockaddr_storage) -> IpAddr {
    let family = name.ss_family;
    let name = ptr::from_ref(name);
    match i32::from(family) {
        libc::AF_INET => {
            // SAFETY: the family says which structure the kernel wrote; the storage is large and aligned enough.
            let name = unsafe { &*name.cast::<libc::sockaddr_in>() };
            Ipv4Addr::from(u32::from_be(name.sin_addr.s_addr)).into()
        }
        libc::AF_INET6 => {
            // SAFETY: as above.
            let name = unsafe { &*name.cast::<libc::sockaddr_in6>() };
            IpAddr::from(name.sin6_addr.s6_addr).to_canonical()
        }
        _ => Ipv6Addr::UNSPECIFIED.into(),
    }
}

/// Asks for a receive buffer: beyond the system's limit where this process may, else up to it.
pub(super) fn set_receive_buffer(socket: &Socket, bytes: u64) -> io::Result<()> {
    // The kernel doubles what it is asked for, for its own bookkeeping.
    let bytes = libc::c_int::try_from(bytes / 2).unwrap_or(libc::c_int::MAX);
    match set(socket, libc::SO_RCVBUFFORCE, bytes) {
        Ok(()) => Ok(()),
        Err(_) => set(socket, libc::SO_RCVBUF, bytes),
    }
}

/// Lets the kernel tell with each datagram how many were lost before it.
pub(super) fn count_overflows(socket: &Socket) -> io::Result<()> {
    set(socket, libc::SO_RXQ_OVFL, 1)
}

fn set(socket: &Socket, option: libc::c_int, value: libc::c_int) -> io::Result<()> {
    let length = size_of::<libc::c_int>() as libc::socklen_t;
    // SAFETY: the pointer and length are those of `value`; the descriptor is open.
    let done = unsafe {
        let value = ptr::from_ref(&value).cast();
        libc::setsockopt(socket.as_raw_fd(), libc::SOL_SOCKET, option, value, length)
    };
    if done == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// How many datagrams this socket has lost by now.
pub(super) fn losses(socket: &SockRef<'_>) -> io::Result<u32> {
    let mut values = [0u32; MEMINFO_VARS];
    let mut length = size_of_val(&values) as libc::socklen_t;
    // SAFETY: pointer and length are those of `values`; the descriptor is open.
    let done = unsafe {
        let values = values.as_mut_ptr().cast();
        libc::getsockopt(socket.as_raw_fd(), libc::SOL_SOCKET, libc::SO_MEMINFO, values, &raw mut length)
    };
    if done == 0 { Ok(values[MEMINFO_DROPS]) } else { Err(io::Error::last_os_error()) }
}
