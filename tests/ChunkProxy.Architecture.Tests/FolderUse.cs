using ArchUnitNET.Domain;
using ArchUnitNET.Loader;

namespace ChunkProxy.Architecture.Tests;

/// <summary>A folder uses another one.</summary>
/// <param name="From">The folder that uses.</param>
/// <param name="To">The folder that is used.</param>
/// <param name="Example">A place where it does.</param>
internal sealed record FolderUse(string From, string To, string Example)
{
    /// <summary>Returns every use between two folders of a project, once for each pair.</summary>
    /// <remarks>
    /// Compiled code shows every use of a type, also one that the source does not name (the type of a <c>var</c>). It does not show constants and
    /// references in comments; for these the imports of the source files are read.
    /// </remarks>
    public static IReadOnlyList<FolderUse> AllOf(Project project) =>
        [.. InCode(project).Concat(InImports(project)).Where(use => use.From != use.To).DistinctBy(use => (use.From, use.To))];

    private static IEnumerable<FolderUse> InCode(Project project) =>
        from type in new ArchLoader().LoadAssembly(System.Reflection.Assembly.Load(project.Assembly)).Build().Types
        let @from = FolderOf(project, type.Namespace.FullName)
        where @from is not null
        from dependency in type.Dependencies
        where dependency.Target is not GenericParameter // belongs to no folder, and has the name of another type's parameter
        let to = FolderOf(project, dependency.Target.Namespace.FullName)
        where to is not null
        select new FolderUse(@from, to, $"{type.Name} uses {dependency.Target.Name}");

    private static IEnumerable<FolderUse> InImports(Project project) =>
        from file in SourceTree.FilesOf(project.Name)
        from import in SourceTree.UsingsOf(project.Name, file)
        let to = FolderOf(project, import)
        where to is not null
        select new FolderUse(SourceTree.FolderOf(file), to, $"{file} imports {import}");

    private static string? FolderOf(Project project, string name) =>
        name == project.Name ? "."
        : name.StartsWith(project.Name + ".", StringComparison.Ordinal) ? name[(project.Name.Length + 1)..].Replace('.', '/')
        : null;
}
