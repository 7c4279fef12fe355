namespace ChunkProxy.Web.Http.Ranges;

/// <summary>The kind of a request's Range field, before the size of the object is known (RFC 9110 §14.2).</summary>
internal enum RangeForm
{
    /// <summary>There is no Range field.</summary>
    Absent,

    /// <summary>Violates the grammar of §14.1.1, has a last position before the first, or is repeated: ignored.</summary>
    Malformed,

    /// <summary>A range unit other than bytes: ignored.</summary>
    OtherUnit,

    /// <summary>More ranges than the limit: ignored (§14.2, §17.15).</summary>
    TooMany,

    /// <summary>One or more byte ranges.</summary>
    Bytes,
}
