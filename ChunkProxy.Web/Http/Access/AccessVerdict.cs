namespace ChunkProxy.Web.Http.Access;

/// <summary>Whether a client may read an object, or why not. The client gets 401 or 403 without the reason.</summary>
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

    /// <summary>The request has no bearer token (401).</summary>
    NoToken,

    /// <summary>The bearer token is no signed JWT, or is too long (401).</summary>
    MalformedToken,

    /// <summary>The bearer token was not signed with one of the keys (401).</summary>
    TokenSignedByOther,

    /// <summary>The bearer token names another issuer (401).</summary>
    TokenOfOtherIssuer,

    /// <summary>The bearer token names none of the audiences (401).</summary>
    TokenForOtherAudience,

    /// <summary>The bearer token has expired, is not valid yet, or has no expiry (401).</summary>
    TokenExpired,

    /// <summary>The bearer token is invalid for another reason (401).</summary>
    InvalidToken,

    /// <summary>The bearer token is valid, and lacks a scope or a claim (403).</summary>
    TokenLacksScope,

    /// <summary>The authority of bearer tokens does not answer, and its keys are not known (503).</summary>
    NoTokenKeys,
}
