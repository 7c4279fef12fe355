using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Web.Hosting;

/// <summary>An address that the process listens on.</summary>
/// <param name="Kind">What is served there.</param>
/// <param name="Key">The configuration key of the address.</param>
/// <param name="Address">The configured address.</param>
internal sealed record Listener(ListenerKind Kind, string Key, HostPort Address);
