using System.Globalization;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Objects;

namespace ChunkProxy.Cache.Tests.Objects;

public sealed class ContradictionsTests
{
    private readonly Contradictions _contradictions = new();

    [Fact]
    public void Add_MoreThanThereIsRoomFor_ForgetsTheOldest()
    {
        var token = new string('x', 16_000);
        var many = 10 * Contradictions.MostCharacters / token.Length;
        for (var i = 0; i < many; i++)
        {
            _contradictions.Add(IdOf(i), token);
        }

        Assert.InRange(_contradictions.Count, 1, Contradictions.MostCharacters / token.Length);
        Assert.Null(_contradictions.TokenOf(IdOf(0)));
        Assert.Equal(token, _contradictions.TokenOf(IdOf(many - 1)));
    }

    [Fact]
    public void Add_SameObjectAgain_KeepsTheLaterToken()
    {
        _contradictions.Add(IdOf(1), "one");
        _contradictions.Add(IdOf(1), "two");

        Assert.Equal("two", _contradictions.TokenOf(IdOf(1)));
        Assert.Equal(1, _contradictions.Count);
    }

    [Fact]
    public void Remove_TheLast_LeavesNothing()
    {
        _contradictions.Add(IdOf(1), "one");
        _contradictions.Remove(IdOf(1));
        _contradictions.Remove(IdOf(1));

        Assert.Null(_contradictions.TokenOf(IdOf(1)));
        Assert.Equal(0, _contradictions.Count);
    }

    private static ObjectId IdOf(int number) => new("/" + number.ToString(CultureInfo.InvariantCulture));
}
