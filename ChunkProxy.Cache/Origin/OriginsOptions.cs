namespace ChunkProxy.Cache.Origin;

/// <summary>
/// Several origins, <c>ChunkProxy:Origins:NAME</c> in configuration: <c>Url</c> and what else can differ between origins, under the keys that a process
/// with one origin has below <c>ChunkProxy</c>. What an origin does not set is taken from there.
/// </summary>
internal sealed class OriginsOptions;
