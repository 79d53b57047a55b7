# The form of `aws_managed_policies.py`; the policies are invented.
aws_managed_policies_data = """
{
 "ExampleReadReports":{
  "CreateDate":"2026-01-01T00:00:00+00:00",
  "DefaultVersionId":"v4",
  "Document":{
   "Statement":[
    {
     "Action":"s3:GetObject",
     "Effect":"Allow",
     "Resource":"arn:aws:s3:::reports/*",
     "Sid":"ReadReportsOnly"
    }
   ],
   "Version":"2012-10-17"
  },
  "Path":"/service-role/",
  "UpdateDate":"2026-01-01T00:00:00+00:00"
 }
}"""
