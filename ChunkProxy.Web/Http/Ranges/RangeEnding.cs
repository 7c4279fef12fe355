namespace ChunkProxy.Web.Http.Ranges;

/// <summary>How a request's ranges end for an object of a known size.</summary>
internal enum RangeEnding
{
    /// <summary>No range, or one to be ignored: the whole object (200).</summary>
    Whole,

    /// <summary>One run of bytes (206).</summary>
    Single,

    /// <summary>Several runs that neither overlap nor touch (206, multipart/byteranges).</summary>
    Several,

    /// <summary>Valid, but no byte of the object is in any range (416).</summary>
    Unsatisfiable,
}
