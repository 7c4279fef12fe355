namespace ChunkProxy.Web.Http.Conditions;

/// <summary>The result of evaluating a request's conditions (RFC 9110 §13.2.2).</summary>
internal enum PreconditionOutcome
{
    /// <summary>There are no conditions, or all are true: perform the method.</summary>
    Proceed,

    /// <summary>The client has the current representation (304).</summary>
    NotModified,

    /// <summary>A condition is false: the current state is not the one that the client requires (412).</summary>
    Failed,
}
