"""Certificates for the loopback: one authority for a whole test run."""

import functools
import ssl

import trustme


@functools.cache
def authority() -> trustme.CA:
    return trustme.CA()


@functools.cache
def certificate(host: str = "127.0.0.1") -> trustme.LeafCert:
    return authority().issue_cert(host)


def server_context(host: str = "127.0.0.1") -> ssl.SSLContext:
    """For a server: with the certificate of this host."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate(host).configure_cert(context)
    return context


def client_context() -> ssl.SSLContext:
    """For a client: trusts the authority, and nobody else."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    authority().configure_trust(context)
    return context
