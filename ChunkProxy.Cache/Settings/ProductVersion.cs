using System.Reflection;
using System.Runtime.InteropServices;

namespace ChunkProxy.Cache.Settings;

/// <summary>The version of this build.</summary>
internal static class ProductVersion
{
    private const int CommitDigits = 9;

    private static readonly Assembly Product = typeof(ProductVersion).Assembly;

    /// <summary>The version with the commit, if the build knew it: <c>0.2.0+5e54711a9</c>.</summary>
    public static string Number { get; } = Shorten(Product.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion);

    /// <summary>One line for people: <c>chunkproxy 0.2.0 (commit 5e54711a9 of 2026-11-30; .NET 10.0.12, linux-x64)</c>.</summary>
    public static string Line { get; } = LineOf(
        Number,
        Product.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(static it => it.Key == "CommitDate")?.Value,
        $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}");

    /// <param name="number">The version, with or without a commit after a plus sign.</param>
    /// <param name="commitDate">Date of the commit, as <c>2026-11-30</c>; null: unknown.</param>
    /// <param name="runtime">The runtime and its platform.</param>
    public static string LineOf(string number, string? commitDate, string runtime)
    {
        var commit = number.Split('+') is [_, var id] ? commitDate is null ? $"commit {id}; " : $"commit {id} of {commitDate}; " : "";
        return $"chunkproxy {number.Split('+')[0]} ({commit}{runtime})";
    }

    private static string Shorten(string version) =>
        version.IndexOf('+', StringComparison.Ordinal) is var plus and >= 0 && version.Length > plus + 1 + CommitDigits
            ? version[..(plus + 1 + CommitDigits)]
            : version;
}
