using ChunkProxy.Cache.Settings;
using ChunkProxy.Web.Settings;

namespace ChunkProxy.Web.Cli.Commands;

/// <summary>Determines the address of the node to ask.</summary>
internal static class NodeAddress
{
    private const string WebAddr = "ChunkProxy__WebAddr";
    private const string AdminAddress = "ChunkProxy__AdminAddress";

    private static readonly string[] Settings = [AdminAddress, "ChunkProxy__PlainAddress", WebAddr]; // the first one that is set is used

    /// <summary>The address of a node on this machine with the default settings.</summary>
    public static string Standard { get; } = Of(new WebOptions().WebAddr);

    /// <summary>Parses a URL or <c>host:port</c>; returns null if the text is neither.</summary>
    public static Uri? Read(string text)
    {
        var url = text.Contains("://", StringComparison.Ordinal) ? text : HostPort.TryParse(text, out var address) ? Of(address) : "";
        return Uri.TryCreate(url, UriKind.Absolute, out var node) && node.Scheme is "http" or "https" && node.AbsolutePath == "/" && node.Query.Length == 0 ? node : null;
    }

    /// <summary>Returns the address of a node on this machine that was started with the given environment.</summary>
    public static string OfEnvironment(Func<string, string?> environment) =>
        Settings
            .Where(setting => !string.IsNullOrEmpty(environment(setting)))
            .Select(setting => HostPort.TryParse(environment(setting), out var address) ? Of(address, HasTls(setting, environment)) : null)
            .FirstOrDefault(url => url is not null) ?? (HasTls(WebAddr, environment) ? Of(new WebOptions().WebAddr, hasTls: true) : Standard);

    private static bool HasTls(string setting, Func<string, string?> environment) => setting switch
    {
        WebAddr => !string.IsNullOrEmpty(environment("ChunkProxy__Certificate")),
        AdminAddress => bool.TryParse(environment("ChunkProxy__AdminTls"), out var hasTls) && hasTls,
        _ => false,
    };

    private static string Of(HostPort address, bool hasTls = false) =>
        $"{(hasTls ? "https" : "http")}://{(address.IsWildcard ? address with { Host = "127.0.0.1" } : address)}";
}
