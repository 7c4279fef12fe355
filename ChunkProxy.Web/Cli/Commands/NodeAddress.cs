using ChunkProxy.Cache.Settings;
using ChunkProxy.Web.Settings;

namespace ChunkProxy.Web.Cli.Commands;

/// <summary>Where the node is that is asked.</summary>
internal static class NodeAddress
{
    private static readonly string[] Settings = ["ChunkProxy__AdminAddress", "ChunkProxy__WebAddr"]; // the first that is set

    /// <summary>That of a node on this machine with the standard settings.</summary>
    public static string Standard { get; } = Of(new WebOptions().WebAddr);

    /// <summary>Reads what a person writes: a URL, or <c>host:port</c>. Null: it is neither.</summary>
    public static Uri? Read(string text)
    {
        var url = text.Contains("://", StringComparison.Ordinal) ? text : HostPort.TryParse(text, out var address) ? Of(address) : "";
        return Uri.TryCreate(url, UriKind.Absolute, out var node) && node.Scheme is "http" or "https" && node.AbsolutePath == "/" && node.Query.Length == 0 ? node : null;
    }

    /// <summary>Where a node on this machine answers, going by the environment that it would be started with.</summary>
    public static string OfEnvironment(Func<string, string?> environment) =>
        Settings
            .Select(environment)
            .Where(text => !string.IsNullOrEmpty(text))
            .Select(text => HostPort.TryParse(text, out var address) ? Of(address) : null)
            .FirstOrDefault(url => url is not null) ?? Standard;

    private static string Of(HostPort address) => $"http://{(address.IsWildcard ? address with { Host = "127.0.0.1" } : address)}";
}
