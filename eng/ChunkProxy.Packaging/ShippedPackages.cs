using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ChunkProxy.Packaging;

/// <summary>Reads which packages a program ships, and their licences, from its deps.json and NuGet's packages folder.</summary>
internal static partial class ShippedPackages
{
    /// <summary>NuGet's packages folder of this machine.</summary>
    public static string Folder { get; } = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } folder
        ? folder
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    // A runtime that is published with the program.
    private const string RuntimePrefix = "runtimepack.";

    /// <param name="depsFile">The <c>*.deps.json</c> of a built or published program.</param>
    /// <exception cref="InvalidDataException">A package names no licence as an SPDX expression.</exception>
    public static IReadOnlyList<ShippedPackage> Of(string depsFile)
    {
        using var deps = JsonDocument.Parse(File.ReadAllBytes(depsFile));
        var target = deps.RootElement.GetProperty("targets").EnumerateObject().Single(it => it.Value.EnumerateObject().Any()).Value;
        var packages = deps.RootElement.GetProperty("libraries").EnumerateObject().Where(it => it.Value.GetProperty("type").GetString() is "package" or "runtimepack").ToList();
        var shipped = packages.Select(it => it.Name.Split('/')[0]).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return
        [
            .. packages
                .Select(it => Read(it.Name.Replace(RuntimePrefix, "", StringComparison.Ordinal)) with
                {
                    Needs = [.. NeedsOf(target.GetProperty(it.Name)).Where(shipped.Contains)],
                })
                .OrderBy(it => it.Id, StringComparer.OrdinalIgnoreCase),
        ];
    }

    private static IEnumerable<string> NeedsOf(JsonElement library) =>
        library.TryGetProperty("dependencies", out var needs) ? needs.EnumerateObject().Select(it => it.Name) : [];

    private static ShippedPackage Read(string name)
    {
        var folder = Path.Combine(Folder, name.ToLowerInvariant());
        var (id, version) = (name.Split('/')[0], name.Split('/')[1]);
        var about = XDocument.Load(Directory.EnumerateFiles(folder, "*.nuspec").Single()).Root!.Elements().Single(it => it.Name.LocalName == "metadata");
        string? Value(string element) => about.Elements().FirstOrDefault(it => it.Name.LocalName == element)?.Value.Trim() is { Length: > 0 } text ? text : null;
        var licence = about.Elements().FirstOrDefault(it => it.Name.LocalName == "license" && it.Attribute("type")?.Value == "expression")?.Value
            ?? throw new InvalidDataException($"{name} names no licence as an SPDX expression: {Value("licenseUrl")}");
        return new ShippedPackage(
            id,
            version,
            licence,
            CopyrightOf(Value("copyright") ?? Value("authors")!),
            Value("projectUrl"),
            Convert.ToHexStringLower(Convert.FromBase64String(File.ReadAllText(Directory.EnumerateFiles(folder, "*.nupkg.sha512").Single()))),
            [.. Directory.EnumerateFiles(folder).Where(file => NoticeFile().IsMatch(Path.GetFileName(file))).Select(ReadText)]);
    }

    private static string CopyrightOf(string text) => text.Contains("copyright", StringComparison.OrdinalIgnoreCase) ? text : $"Copyright {text}";

    private static string ReadText(string file) => File.ReadAllText(file).ReplaceLineEndings("\n").Trim();

    [GeneratedRegex("^third.?party.?notices", RegexOptions.IgnoreCase)]
    private static partial Regex NoticeFile();
}
