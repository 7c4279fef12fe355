namespace ChunkProxy.Cache.Sites;

/// <summary>Targets and keys that begin with a host, where the host is part of the key: <c>//films.example/a.mp4?v=1</c>.</summary>
/// <remarks>No target of a client has this form: two slashes at its beginning are refused.</remarks>
public static class HostedTarget
{
    private const string Start = "//";

    /// <summary>Returns a target with a host.</summary>
    /// <param name="host">The host in lower case, without a port.</param>
    /// <param name="pathAndQuery">Path and query in normal form.</param>
    public static string Of(string host, string pathAndQuery) => string.Concat(Start, host, pathAndQuery);

    /// <summary>Returns whether a target begins with a host.</summary>
    public static bool IsOne(string target) => EndOfHost(target) > 0;

    /// <summary>Returns the position of the path; 0 if the target begins with none.</summary>
    public static int EndOfHost(string target) => target.StartsWith(Start, StringComparison.Ordinal) && target.IndexOf('/', Start.Length) is > 2 and var end ? end : 0;

    /// <summary>Returns the host, null if there is none, and the path and query.</summary>
    public static (string? Host, string PathAndQuery) Split(string target) =>
        EndOfHost(target) is > 0 and var end ? (target[Start.Length..end], target[end..]) : (null, target);
}
