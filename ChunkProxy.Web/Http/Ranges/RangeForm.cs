namespace ChunkProxy.Web.Http.Ranges;

/// <summary>What a request's Range field says, before the size of the object is known (RFC 9110 §14.2).</summary>
internal enum RangeForm
{
    /// <summary>There is no Range field.</summary>
    Absent,

    /// <summary>Not the grammar of §14.1.1, a last position before the first, or more than one Range line: to be ignored.</summary>
    Malformed,

    /// <summary>A range unit other than bytes: to be ignored.</summary>
    OtherUnit,

    /// <summary>More ranges than this server answers one by one: to be ignored (§14.2, §17.15).</summary>
    TooMany,

    /// <summary>One byte range or several.</summary>
    Bytes,
}
