using System.Text.RegularExpressions;

namespace ChunkProxy.Architecture.Tests;

/// <summary>The source files of a project.</summary>
internal static partial class SourceTree
{
    private static readonly string[] Built = ["bin", "obj"];

    private static string Root { get; } = FindRoot();

    /// <summary>The test projects, as folders of the repository.</summary>
    public static IEnumerable<string> TestProjects =>
        Directory.EnumerateDirectories(Path.Combine(Root, "tests"), "ChunkProxy.*").Select(static folder => $"tests/{Path.GetFileName(folder)}");

    /// <summary>Returns the source files of a folder of the repository, as paths below that folder.</summary>
    /// <param name="folder">The folder, as a path below the repository.</param>
    /// <param name="pattern">The names of the files.</param>
    public static IReadOnlyList<string> FilesOf(string folder, string pattern = "*.cs")
    {
        var top = Path.Combine(Root, folder);
        return
        [
            .. Directory.EnumerateFiles(top, pattern, SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(top, file).Replace('\\', '/'))
                .Where(file => !Built.Contains(file.Split('/')[0]))
                .Order(StringComparer.Ordinal),
        ];
    }

    public static string FolderOf(string file) => file.Contains('/', StringComparison.Ordinal) ? file[..file.LastIndexOf('/')] : ".";

    /// <summary>Returns the namespace that a file declares; null if it declares none.</summary>
    public static string? NamespaceOf(string folder, string file) =>
        NamespaceLine().Match(Read(folder, file)) is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>Returns the namespaces that a file imports.</summary>
    public static IEnumerable<string> UsingsOf(string folder, string file) =>
        UsingLine().Matches(Read(folder, file)).Select(match => match.Groups[1].Value);

    public static string Read(string folder, string file) => File.ReadAllText(Path.Combine(Root, folder, file));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ChunkProxy.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("ChunkProxy.sln lies in no folder above the tests.");
        }

        return folder.FullName;
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"^using (?:static )?([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex UsingLine();
}
