using System.Text.RegularExpressions;

namespace ChunkProxy.Architecture.Tests;

/// <summary>The steps of a request have numbers: [4.2]. docs/life-of-a-request.md has each of them, and so has the code.</summary>
public sealed partial class StepNumberTests
{
    [Fact]
    public void Number_OfStep_IsInTheDocumentAndInTheCode()
    {
        var code = new[] { Project.Cache, Project.Web }
            .SelectMany(project => SourceTree.FilesOf(project.Name).SelectMany(file => CommentWithNumber().Matches(SourceTree.Read(project.Name, file))))
            .SelectMany(comment => Number().Matches(comment.Value))
            .Select(number => number.Value);
        var document = Number().Matches(SourceTree.Read("docs", "life-of-a-request.md")).Select(number => number.Value);

        Assert.Equal(document.Distinct().Order(), code.Distinct().Order());
    }

    [GeneratedRegex(@"//.*\[\d.*")]
    private static partial Regex CommentWithNumber();

    [GeneratedRegex(@"\[\d(?:\.\d)?\]")]
    private static partial Regex Number();
}
