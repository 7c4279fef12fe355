namespace ChunkProxy.Web.Http.Conditions;

/// <summary>How a request's conditions end (RFC 9110 §13.2.2).</summary>
internal enum PreconditionOutcome
{
    /// <summary>There is none, or all hold: the method is to be performed.</summary>
    Proceed,

    /// <summary>The client has this representation (304).</summary>
    NotModified,

    /// <summary>The client wants another state than the present one (412).</summary>
    Failed,
}
