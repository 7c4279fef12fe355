namespace ChunkProxy.Web.Http.Targets;

/// <summary>The one part of the path space that is not the origin's.</summary>
public static class ReservedPaths
{
    /// <summary>Status, statistics and the like live below this path. It has no trailing slash.</summary>
    public const string Prefix = "/_chunkproxy";

    /// <summary>Says whether a raw request target names something below the prefix, in its one spelling: nothing encoded, in no other case, without a host.</summary>
    internal static bool Spells(ReadOnlySpan<char> rawTarget) =>
        rawTarget.StartsWith(Prefix, StringComparison.Ordinal) && (rawTarget.Length == Prefix.Length || rawTarget[Prefix.Length] is '/' or '?');

    // Without regard to case, as routing matches the endpoints below the prefix.
    internal static bool Contains(ReadOnlySpan<char> path) =>
        path.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && (path.Length == Prefix.Length || path[Prefix.Length] == '/');
}
