using System.Text.RegularExpressions;
using ChunkProxy.Cache.Status;
using ChunkProxy.Web.Operations.Access;

namespace ChunkProxy.Web.Tests.Operations.Status;

/// <summary>The classes of the status page for the verdicts on members.</summary>
public sealed partial class MemberClassTests
{
    [Fact]
    public void Classes_OfVerdicts_AreThoseOfTheVerdictsThatExistInTheirOrder()
    {
        var table = Table().Match(PageScript.Read("members.js")).Groups[1].Value;

        Assert.Equal(Enum.GetValues<MemberVerdict>().Select(FieldName.Of), Key().Matches(table).Select(match => match.Groups[1].Value));
    }

    [GeneratedRegex(@"const Classes = \{(.*?)\};", RegexOptions.Singleline)]
    private static partial Regex Table();

    [GeneratedRegex(@"(\w+): """)]
    private static partial Regex Key();
}
