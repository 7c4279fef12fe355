using System.Reflection;

namespace ChunkProxy.Architecture.Tests;

/// <summary>A longer file, or a constructor with more parameters, contains a second idea.</summary>
public sealed class SizeTests
{
    private const int MostLines = 300;
    private const int MostParameters = 8;

    public static TheoryData<string> Projects => LayerTests.Projects;

    [Theory]
    [MemberData(nameof(Projects))]
    public void File_OfProject_IsShort(string name) => Assert.DoesNotContain(
        SourceTree.FilesOf(name).Concat(SourceTree.FilesOf(name, "*.js")), file => SourceTree.Read(name, file).Count(static letter => letter == '\n') > MostLines);

    [Fact]
    public void File_OfTests_IsShort() => Assert.Empty(
        from project in SourceTree.TestProjects
        from file in SourceTree.FilesOf(project)
        where SourceTree.Read(project, file).Count(static letter => letter == '\n') > MostLines
        select $"{project}/{file}");

    // Records of data aside: their parameters are fields.
    [Theory]
    [MemberData(nameof(Projects))]
    public void Constructor_OfService_TakesFewParameters(string name)
    {
        const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance;
        var crowded = Assembly.Load(Project.Named(name).Assembly).GetTypes()
            .Where(type => type.Namespace?.StartsWith(name, StringComparison.Ordinal) == true && !type.Name.Contains('<') && type.GetMethod("PrintMembers", Any) is null)
            .Where(type => type.GetConstructors(Any).Any(constructor => constructor.GetParameters().Length > MostParameters))
            .Select(type => type.Name);

        Assert.Empty(crowded);
    }
}
