namespace ChunkProxy.Web.Http.Ranges;

/// <summary>The result of resolving a request's ranges against the size of the object.</summary>
internal enum RangeEnding
{
    /// <summary>No range, or an ignored one: the whole object (200).</summary>
    Whole,

    /// <summary>One run of bytes (206).</summary>
    Single,

    /// <summary>Several runs that neither overlap nor touch (206, multipart/byteranges).</summary>
    Several,

    /// <summary>Valid, but no byte of the object is in any range (416).</summary>
    Unsatisfiable,
}
