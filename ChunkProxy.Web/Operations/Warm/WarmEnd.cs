using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Warming;
using ChunkProxy.Web.Operations.Access;

namespace ChunkProxy.Web.Operations.Warm;

/// <summary>The end of a warm-up, in the words of the API. The default value means that it runs.</summary>
/// <param name="State">The state.</param>
/// <param name="Error">The name of the error; null if there was none.</param>
/// <param name="Reason">The error as a sentence.</param>
internal readonly record struct WarmEnd(WarmState State, string? Error = null, string? Reason = null)
{
    public static WarmEnd Of(ProxyError error, string? reason) => new(WarmState.Failed, FieldName.Of(error), reason);

    /// <param name="failure">The failure.</param>
    /// <param name="size">Bytes of the object, or chunks of the range: what the range does not fit.</param>
    public static WarmEnd Of(WarmFailure failure, long size = 0) => new(WarmState.Failed, FieldName.Of(failure), failure switch
    {
        WarmFailure.NotCacheable => "the origin does not permit caching of the object, or does not give its length",
        WarmFailure.RangeNotSatisfiable => $"the object has {size} bytes, and the range contains none of them",
        WarmFailure.TooManyChunks => $"the range has {size} chunks; a warm-up fetches at most {ObjectWarmer.MostChunks}",
        _ => "unexpected error; the log has it",
    });
}
