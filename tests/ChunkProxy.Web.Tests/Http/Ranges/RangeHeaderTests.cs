using ChunkProxy.Web.Http.Ranges;
using Microsoft.Extensions.Primitives;

namespace ChunkProxy.Web.Tests.Http.Ranges;

public sealed class RangeHeaderTests
{
    [Theory]
    [InlineData("bytes=0-0", 0L)]
    [InlineData("bytes=700-", 700L)]
    [InlineData("bytes=9-10,0-1", 9L)]
    [InlineData("bytes=-5", null)]
    [InlineData("items=7-8", 0L)]
    [InlineData("bytes=5-3", 0L)]
    public void FirstByte_OfField_IsWhereTheAnswerWillBegin(string field, long? expected) =>
        Assert.Equal(expected, RangeHeader.Parse(new StringValues(field), 16).FirstByte);

    [Theory]
    [InlineData("bytes=0-0", nameof(RangeForm.Bytes))]
    [InlineData("Bytes=0-0", nameof(RangeForm.Bytes))]
    [InlineData("items=0-0", nameof(RangeForm.OtherUnit))]
    [InlineData("bytes=", nameof(RangeForm.Malformed))]
    [InlineData("bytes", nameof(RangeForm.Malformed))]
    [InlineData("bytes=0-0,1-1,2-2", nameof(RangeForm.TooMany))]
    [InlineData("bytes=0-0,1-1,", nameof(RangeForm.Bytes))]
    public void Form_OfField_HasItsName(string field, string expected) =>
        Assert.Equal(expected, RangeHeader.Parse(new StringValues(field), maxRanges: 2).Form.ToString());

    [Fact]
    public void Form_NoField_IsAbsent() => Assert.Equal(RangeForm.Absent, RangeHeader.Parse(StringValues.Empty, 16).Form);

    [Fact]
    public void Parse_OneRange_AllocatesNothing()
    {
        var field = new StringValues("bytes=1048576-2097151");
        _ = RangeOutcome.Resolve(RangeHeader.Parse(field, 16), 1 << 30);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1000; i++)
        {
            _ = RangeOutcome.Resolve(RangeHeader.Parse(field, 16), 1 << 30);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
