namespace ChunkProxy.Web.Http.Access;

/// <summary>Whether a client may read an object, or why not. The client gets 403 without the reason.</summary>
internal enum AccessVerdict
{
    /// <summary>The client may read.</summary>
    Admitted,

    /// <summary>The address is in <see cref="AccessOptions.Deny"/>.</summary>
    AddressDenied,

    /// <summary>The address is not in <see cref="AccessOptions.Allow"/>.</summary>
    AddressNotAllowed,

    /// <summary>The URL has no signature.</summary>
    NotSigned,

    /// <summary>The parameters of the signature are incomplete, repeated or unreadable.</summary>
    MalformedSignature,

    /// <summary>The signature was not made with one of the keys, or for another path or time.</summary>
    WrongSignature,

    /// <summary>The signature is for another prefix than that of the path.</summary>
    OtherPath,

    /// <summary>The signature was valid, and has expired.</summary>
    Expired,
}
