using System.Reflection;
using System.Runtime.InteropServices;

namespace ChunkProxy.Cache.Settings;

/// <summary>Version of this build.</summary>
internal static class ProductVersion
{
    private const int CommitDigits = 9;

    /// <summary>The version, with the commit if the build had it: <c>0.1.0+5e54711a9</c>.</summary>
    public static string Number { get; } = Shorten(
        typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion);

    public static string Line { get; } =
        $"chunkproxy {Number} ({RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier})";

    private static string Shorten(string version) =>
        version.IndexOf('+', StringComparison.Ordinal) is var plus and >= 0 && version.Length > plus + 1 + CommitDigits
            ? version[..(plus + 1 + CommitDigits)]
            : version;
}
