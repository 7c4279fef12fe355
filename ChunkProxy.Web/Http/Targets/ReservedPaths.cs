namespace ChunkProxy.Web.Http.Targets;

/// <summary>The paths that do not belong to the origin.</summary>
public static class ReservedPaths
{
    /// <summary>Prefix of status, statistics and actions, without a trailing slash.</summary>
    public const string Prefix = "/_chunkproxy";

    /// <summary>Whether a raw request target is below the prefix in its exact spelling: not encoded, in lower case, in origin-form.</summary>
    internal static bool IsExactPrefixOf(ReadOnlySpan<char> rawTarget) =>
        rawTarget.StartsWith(Prefix, StringComparison.Ordinal) && (rawTarget.Length == Prefix.Length || rawTarget[Prefix.Length] is '/' or '?');

    // Ignores case, as routing does for the endpoints below the prefix.
    internal static bool Contains(ReadOnlySpan<char> path) =>
        path.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && (path.Length == Prefix.Length || path[Prefix.Length] == '/');
}
