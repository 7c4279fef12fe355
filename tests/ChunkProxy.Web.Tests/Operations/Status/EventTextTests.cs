using System.Text.RegularExpressions;
using ChunkProxy.Cache.Telemetry;
using ChunkProxy.Web.Operations.Access;

namespace ChunkProxy.Web.Tests.Operations.Status;

/// <summary>The texts of the status page for recent events.</summary>
public sealed partial class EventTextTests
{
    [Fact]
    public void Texts_OfEvents_AreThoseOfTheKindsThatExist()
    {
        var table = Table().Match(PageScript.Read("events.js")).Groups[1].Value;

        Assert.Equal(Enum.GetValues<RecentEventKind>().Select(FieldName.Of).Order(), Key().Matches(table).Select(match => match.Groups[1].Value).Order());
    }

    [GeneratedRegex(@"const Said = \{(.*?)\};", RegexOptions.Singleline)]
    private static partial Regex Table();

    [GeneratedRegex(@"(\w+): \[")]
    private static partial Regex Key();
}
